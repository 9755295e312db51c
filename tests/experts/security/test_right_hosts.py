"""Whole hosts in several styles in which nothing is wrong, through the whole engine: nobody says a word about them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import RootReview

HOSTS = sorted((Path(__file__).parent / "right_hosts").glob("*.txt"))
FILE = re.compile(r"^--- (\S+)\n", re.MULTILINE)


class Quiet:
    """Watches nothing."""

    def at(self, path: str) -> None:
        """Say which file comes next."""

    def during(self, rule: str) -> None:
        """Say which check comes next."""


@pytest.mark.parametrize("host", HOSTS, ids=[host.stem for host in HOSTS])
def test_nothing_is_said_of_a_host_in_which_nothing_is_wrong(host: Path, tmp_path: Path) -> None:
    _, *parts = FILE.split(host.read_text(encoding="utf-8"))
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        path = tmp_path / host.stem / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    request = Request(kind="host", today="2026-01-01")
    (job,) = jobs_of(Plan((str(tmp_path / host.stem),), request, use_cache=False))
    root = RootReview(job, Quiet())
    results = {(unit.subject, unit.path): root.look(unit.subject, unit.path) for unit in root.units}
    (reviewed,) = root.finish(results).reviewed
    said = [(f.rule, f.location.path, f.location.line) for f in reviewed.review.findings if f.suppressed is None]
    assert said == []
