"""Plugins in a vault: each is reviewed where the vault is, and none where the vault only serves to try another plugin."""

from __future__ import annotations

import json

import pytest

from reviewer.core.settings import Settings
from reviewer.subject.discover import discover
from reviewer.subject.open import open_root


def plugin(folder, name: str) -> None:
    folder.mkdir(parents=True)
    manifest = {"id": name, "name": name, "version": "1.0.0", "minAppVersion": "1.5.0"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "main.js").write_text(
        'const { Plugin } = require("obsidian");\nmodule.exports = class extends Plugin {};\n'
    )


@pytest.mark.parametrize("vault", ["vault", "docs/try-it"])
def test_plugins_of_a_vault_inside_of_a_plugin_are_not_its_own(vault, tmp_path):
    plugin(tmp_path / "mine", "mine")
    plugin(tmp_path / "mine" / vault / ".obsidian/plugins/theirs", "theirs")
    assert bases(tmp_path / "mine") == [""]


def test_all_plugins_of_a_vault_are_reviewed(tmp_path):
    for name in ("one", "two"):
        plugin(tmp_path / ".obsidian/plugins" / name, name)
    assert bases(tmp_path) == [".obsidian/plugins/one/", ".obsidian/plugins/two/"]


def bases(folder) -> list[str]:
    return [subject.base for subject in discover(open_root(folder, Settings()), Settings())]


def test_plugins_in_a_vault_to_try_it_in_are_no_part_of_it(tmp_path):
    (tmp_path / "manifest.json").write_text('{"id": "daily", "name": "Daily", "isDesktopOnly": true}')
    (tmp_path / "main.js").write_text("module.exports = class {};")
    other = tmp_path / "demo" / ".obsidian" / "plugins" / "calendar"
    other.mkdir(parents=True)
    (other / "main.js").write_text("module.exports = class {};")
    (subject,) = discover(open_root(tmp_path, Settings()), Settings())
    assert (subject.ecosystem, subject.files) == ("obsidian", ("main.js", "manifest.json"))
