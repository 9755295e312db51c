"""What an integration seems to lack may stand in a file that nobody looked at."""

from __future__ import annotations

import json

import pytest

from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root

MANIFEST = {
    "domain": "acme_lamp",
    "name": "Acme Lamp",
    "version": "1.0.0",
    "codeowners": ["@acme"],
    "documentation": "https://acme.example/lamp",
    "config_flow": True,
}


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path):
        pass

    def during(self, _rule):
        pass


@pytest.mark.parametrize(("size", "told"), [(0, {"FUN335"}), (3_000_000, set())])
def test_a_claim_is_only_contradicted_where_all_code_was_read(size, told, tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "__init__.py").write_text("async def async_setup_entry(hass, entry):\n    return True\n")
    (tmp_path / "config_flow.py").write_text("VERSION = 1\n" + "# a comment\n" * (size // 12))
    (tmp_path / "quality_scale.yaml").write_text("rules:\n  reconfiguration-flow: done\n")
    (job,) = jobs_of(Plan((str(tmp_path),), Request(today="2026-01-01", strictness="auditor"), use_cache=False))
    (reviewed,) = review_root(job, Quiet()).reviewed
    found = {one.rule for one in reviewed.review.findings}
    assert found & {"FUN333", "FUN335"} == told
