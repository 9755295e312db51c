"""Extensions of Visual Studio Code are recognised by their engine, in a folder and in a .vsix, and reviewed as such."""

from __future__ import annotations

import json
import zipfile

import pytest

from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root

MANIFEST = {
    "name": "log-view",
    "displayName": "Log View",
    "publisher": "acme",
    "version": "1.2.0",
    "engines": {"vscode": "^1.85.0"},
    "main": "./extension.js",
    "contributes": {"commands": [{"command": "logView.open", "title": "Open"}]},
}
CODE = """
const vscode = require("vscode");

exports.activate = (context) => {
  context.subscriptions.push(vscode.commands.registerCommand("logView.opened", () => undefined));
};
"""


class Quiet:
    """Hears of the walk and says nothing."""

    def at(self, _path):
        pass

    def during(self, _rule):
        pass


def review(path):
    (job,) = jobs_of(Plan((str(path),), Request(today="2026-01-01"), use_cache=False))
    (reviewed,) = review_root(job, Quiet()).reviewed
    return reviewed.review


@pytest.fixture
def extension(tmp_path):
    folder = tmp_path / "log-view"
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps(MANIFEST))
    (folder / "extension.js").write_text(CODE)
    return folder


def test_the_engine_makes_a_package_an_extension(extension):
    subject = review(extension).subject
    assert (subject.ecosystem, subject.kind, subject.manifest) == ("vscode", "plugin", "package.json")
    assert (subject.id, subject.version) == ("log-view", "1.2.0")


def test_the_manifest_of_an_archive_lies_one_folder_down(extension, tmp_path):
    archive = tmp_path / "log-view.vsix"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in ("package.json", "extension.js"):
            packed.write(extension / file, f"extension/{file}")
    assert review(archive).subject.ecosystem == "vscode"


def test_a_package_for_node_is_no_extension(extension):
    (extension / "package.json").write_text(json.dumps({**MANIFEST, "engines": {"node": ">=20"}}))
    assert review(extension).subject.ecosystem == "generic"


def test_a_contributed_command_that_nobody_registers_is_found_at_its_line(extension):
    (extension / "package.json").write_text(json.dumps(MANIFEST, indent=2))
    lines = (extension / "package.json").read_text().splitlines()
    (found,) = (one for one in review(extension).findings if one.rule == "COM010")
    assert "logView.open" in lines[found.location.line - 1]
