"""A subject is named by its manifest, or else by its package."""

from __future__ import annotations

import json

import pytest

import reviewer

PACKAGES = [
    ("package.json", json.dumps({"name": "saltmarsh-host", "version": "2.1.0"})),
    ("pyproject.toml", '[project]\nname = "saltmarsh-host"\nversion = "2.1.0"\n'),
    ("PKG-INFO", "Metadata-Version: 2.1\nName: saltmarsh-host\nVersion: 2.1.0\n"),
]


@pytest.mark.parametrize(("name", "text"), PACKAGES, ids=[name for name, _text in PACKAGES])
def test_a_subject_without_a_manifest_has_the_name_of_its_package(name, text, tmp_path):
    (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "host.py").write_text("def load(plugin):\n    plugin.activate()\n", "utf-8")
    (review,) = reviewer.review(tmp_path).reviews
    assert (review.subject.id, review.subject.version, review.subject.manifest) == ("saltmarsh-host", "2.1.0", "")


def test_a_manifest_comes_before_a_package(tmp_path):
    manifest = {"id": "org.saltmarsh.tides", "name": "Tides", "version": "1.0.0", "main": "index.js"}
    (tmp_path / "plugin.json").write_text(json.dumps(manifest), "utf-8")
    (tmp_path / "package.json").write_text(PACKAGES[0][1], "utf-8")
    (tmp_path / "index.js").write_text("export function activate() {}\n", "utf-8")
    (review,) = reviewer.review(tmp_path).reviews
    assert (review.subject.id, review.subject.version) == ("org.saltmarsh.tides", "1.0.0")
