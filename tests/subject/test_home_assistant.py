"""Integrations of Home Assistant are recognised by their domain; a whole one that is right has no finding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root

HERE = Path(__file__).parents[1] / "fixtures" / "home-assistant"
MANIFEST = {
    "domain": "acme_lamp",
    "name": "Acme Lamp",
    "codeowners": ["@acme"],
    "documentation": "https://acme.example",
}


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path):
        pass

    def during(self, _rule):
        pass


def reviews(path, **wishes):
    (job,) = jobs_of(Plan((str(path),), Request(today="2026-01-01", **wishes), use_cache=False))
    return [one.review for one in review_root(job, Quiet()).reviewed]


def found(path, **wishes):
    (review,) = reviews(path, **wishes)
    assert review.errors == ()
    return {(one.rule, one.location.path, one.location.line) for one in review.findings}


def test_an_integration_is_recognised_in_its_folder():
    (review,) = reviews(HERE / "right")
    subject = review.subject
    assert (subject.ecosystem, subject.kind, subject.id) == ("home-assistant", "plugin", "acme_lamp")
    assert subject.manifest == "manifest.json"
    assert subject.path.endswith("custom_components/acme_lamp")


def test_a_whole_integration_that_is_right_has_no_finding_but_its_standing():
    assert found(HERE / "right") == set()
    assert found(HERE / "right", strictness="pedantic") == {("FUN337", "quality_scale.yaml", 1)}


def test_a_whole_integration_with_flaws_has_exactly_those():
    assert found(HERE / "flawed") == {
        ("FUN331", "manifest.json", 1),
        ("FUN335", "quality_scale.yaml", 2),
        ("LIF330", "__init__.py", 12),
        ("LIF331", "__init__.py", 17),
        ("LIF332", "__init__.py", 14),
        ("COM330", "config_flow.py", 16),
        ("COM332", "services.yaml", 3),
        ("REG331", "config_flow.py", 15),
    }


@pytest.mark.parametrize(
    "neighbour",
    [
        {"manifest_version": 3, "name": "Acme", "version": "1.0", "domain": "acme", "background": {}},
        {"id": "acme", "name": "Acme", "minAppVersion": "1.0.0", "version": "1.0.0"},
        {"domain": "acme", "name": "Acme"},
    ],
)
def test_the_manifest_of_a_neighbour_is_none_of_an_integration(tmp_path, neighbour):
    (tmp_path / "manifest.json").write_text(json.dumps(neighbour))
    (tmp_path / "main.js").write_text("module.exports = () => 1;\n")
    assert all(one.subject.ecosystem != "home-assistant" for one in reviews(tmp_path))


def test_an_integration_that_comes_with_home_assistant_needs_no_version(tmp_path):
    folder = tmp_path / "homeassistant" / "components" / "acme_lamp"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    (folder / "__init__.py").write_text("async def async_setup(hass, config):\n    return True\n")
    assert found(folder) == set()


def test_an_action_that_is_registered_by_keywords_breaks_no_check(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({**MANIFEST, "version": "1.0.0"}))
    (tmp_path / "services.yaml").write_text("flash:\n  fields: {}\n")
    (tmp_path / "__init__.py").write_text(
        "async def async_setup(hass, config):\n"
        "    hass.services.async_register(domain='acme_lamp', service='flash', service_func=print)\n"
        "    return True\n"
    )
    assert found(tmp_path) == set()
