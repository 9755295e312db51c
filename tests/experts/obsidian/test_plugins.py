"""Small plugins of Obsidian, written as people write them: each flaw on its line, and what only looks like one."""

from __future__ import annotations

import pytest
from whole import marked, reviewed


def manifest(**more):
    """Return the manifest of a plugin."""
    return {
        "id": "daily",
        "name": "Daily",
        "version": "1.2.0",
        "minAppVersion": "1.4.0",
        "description": "Opens the day.",
        "author": "A",
        "isDesktopOnly": False,
        **more,
    }


PLUGIN = (
    "import { Plugin, Platform, TFile, requestUrl } from 'obsidian';\nexport default class Daily extends Plugin {\n"
)

CASES = {
    "settings that are not waited for": ("API011", PLUGIN + "  settings = { a: 1 };\n  async onload() {\n    this.settings = Object.assign({}, this.settings, this.loadData()); // <- here\n    await this.saveData(this.settings);\n  }\n}"),
    "settings that are waited for, and a text that is given on": ("API011", PLUGIN + "  settings = { a: 1 };\n  async onload() {\n    this.settings = Object.assign({}, this.settings, await this.loadData());\n  }\n  text(file: TFile) {\n    const reading = this.app.vault.read(file);\n    return reading;\n  }\n}"),
    "a file's text that is not waited for": ("API011", PLUGIN + "  async words(file: TFile) {\n    await this.saveData({});\n    return this.app.vault.cachedRead(file).split(' ').length; // <- here\n  }\n}"),
    "an event of the layout": ("LIF250", PLUGIN + "  onload() {\n    const { workspace } = this.app;\n    workspace.on('layout-change', () => undefined); // <- here\n  }\n}"),
    "an event in a helper with the app": ("LIF250", "import { App } from 'obsidian';\nexport class Watch {\n  constructor(private app: App) {\n    this.app.metadataCache.on('changed', () => undefined); // <- here\n  }\n}"),
    "an event that the plugin registers elsewhere": ("LIF250", PLUGIN + "  onload() {\n    [this.app.vault.on('modify', () => 1), this.app.vault.on('delete', () => 1)].forEach((ref) => this.registerEvent(ref));\n    const ref = this.app.workspace.on('quit', () => 1);\n    this.register(() => this.app.workspace.offref(ref));\n  }\n}"),
    "an emitter of its own": ("LIF250", "import { EventEmitter } from 'events';\nimport { Plugin } from 'obsidian';\nconst bus = new EventEmitter();\nexport default class Daily extends Plugin {\n  onload() { bus.on('tick', () => 1); this.containerOf().addEventListener('click', () => 1); }\n  containerOf() { return document.createElement('div'); }\n}"),
    "an interval in a variable": ("LIF250", PLUGIN + "  onload() {\n    const timer = setInterval(() => this.saveData({}), 1000); // <- here\n  }\n}"),
    "an interval that is registered later": ("LIF250", PLUGIN + "  onload() {\n    const timer = window.setInterval(() => this.saveData({}), 1000);\n    this.registerInterval(timer);\n  }\n}"),
    "an interval that is cleared": ("LIF250", PLUGIN + "  timer: number;\n  onload() {\n    this.timer = window.setInterval(() => this.saveData({}), 1000);\n  }\n  onunload() { clearInterval(this.timer); }\n}"),
    "newer than promised by a chain": ("API201", PLUGIN + "  async onload() {\n    const file = this.app.vault.getFileByPath('a.md'); // <- here\n    await this.app.vault.process(file!, (text) => text);\n  }\n}"),
    "newer than promised in a view": ("API201", "import { ItemView, WorkspaceLeaf } from 'obsidian';\nexport class View extends ItemView {\n  getViewType() { return 'a'; }\n  getDisplayText() { return 'a'; }\n  async open(leaf: WorkspaceLeaf) {\n    await leaf.loadIfDeferred(); // <- here\n    const folder = this.app.vault.getFolderByPath('a'); // <- here\n    return folder;\n  }\n}"),
    "newer than promised, by a field of another class": ("API201", "import { App } from 'obsidian';\nclass Shelf {\n  constructor(readonly app: App) {}\n}\nclass Desk {\n  app: App;\n}\nexport const one = (shelf: Shelf) => shelf.app.vault.getFileByPath('a'); // <- here\nexport const two = (desk: Desk) => desk.app.vault.getFolderByPath('a'); // <- here"),
    "newer than promised in a view of text": ("API201", "import { TextFileView } from 'obsidian';\nexport abstract class Page extends TextFileView {\n  find() {\n    return this.app.vault.getFileByPath('a'); // <- here\n  }\n}"),
    "newer, and asked for": ("API201", PLUGIN + "  find(path: string) {\n    return this.app.vault.getFileByPath?.(path) ?? null;\n  }\n}"),
    "its own method of that name": ("API201", PLUGIN + "  settings = { a: 1 };\n  getFileByPath(path: string) { return path; }\n  onload() { this.getFileByPath('a'); console.debug(this.settings); }\n}"),
    "a module of Node behind a question": ("API250", PLUGIN + "  onload() {\n    if (Platform.isDesktop) {\n      const { execFile } = require('child_process');\n      execFile('git');\n    }\n  }\n}"),
    "a module of Node at once": ("API250", "import { execFile } from 'node:child_process'; // <- here\nimport { Plugin } from 'obsidian';\nexport default class Daily extends Plugin { onload() { execFile('git'); } }"),
    "leaves closed by a helper": ("LIF251", PLUGIN + "  onunload() { this.close(); }\n  close() {\n    this.app.workspace.detachLeavesOfType('day'); // <- here\n  }\n}"),
    "a cast of what was found": ("PAT252", PLUGIN + "  read(path: string) {\n    const file = this.app.vault.getAbstractFileByPath(path) as TFile; // <- here\n    return this.app.vault.read(file);\n  }\n}"),
    "a cast after a question": ("PAT252", PLUGIN + "  read(path: string) {\n    const file = this.app.vault.getAbstractFileByPath(path);\n    if (file instanceof TFile) return this.app.vault.read(file as TFile);\n    return '';\n  }\n}"),
    "code from the network": ("SEC251", PLUGIN + "  async update() {\n    const answer = await requestUrl({ url: 'https://example.com/x' });\n    const at = this.manifest.dir + '/main.js';\n    await this.app.vault.adapter.write(at, answer.text); // <- here\n  }\n}"),
    "notes from the network": ("SEC251", PLUGIN + "  async pull() {\n    const answer = await requestUrl({ url: 'https://example.com/main.js.md' });\n    await this.app.vault.adapter.write('notes/a.md', answer.text);\n  }\n}"),
    "read and written by another name": ("PAT253", PLUGIN + "  async add(note: TFile) {\n    const { vault } = this.app;\n    const old = await vault.read(note);\n    await vault.modify(note, old + '!'); // <- here\n  }\n}"),
    "walked for a name": ("PAT251", PLUGIN + "  find(name: string) {\n    return this.app.vault.getFiles().find((f) => f.name === name) ?? [1].find((f) => f === 1);\n  }\n}"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_plugin_is_held_to_the_habits_of_the_app(name, tmp_path):
    rule, code = CASES[name]
    files = {"manifest.json": manifest(), "main.ts": code}
    assert reviewed(tmp_path, files, rule) == marked(files, rule)


MANIFESTS = [
    ("FUN250", {"description": "Opens the day"}, None, 1),
    ("FUN250", {"isDesktopOnly": "false"}, None, 1),
    ("FUN250", {"id": "daily_notes2", "description": "Opens the day (or not)"}, None, 0),
    ("REG250", {}, {"1.2.0": "1.5.0"}, 1),
    ("REG250", {}, {"1.0.0": "0.15.0"}, 1),
    ("REG250", {}, {"1.0.0": "0.15.0", "1.1.0": "1.4.0"}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "more", "versions", "count"), MANIFESTS)
def test_a_manifest_is_held_against_the_directory_and_its_versions(rule, more, versions, count, tmp_path):
    files = {"manifest.json": manifest(**more), **({"versions.json": versions} if versions else {})}
    assert len(reviewed(tmp_path, files, rule)) == count


def test_a_theme_and_a_browser_extension_are_no_plugins(tmp_path):
    theme = {"name": "Dusk", "version": "1.0.0", "minAppVersion": "1.0.0", "author": "A"}
    extension = {"manifest_version": 3, "name": "Daily", "version": "1.0.0", "id": "daily", "minAppVersion": "1.0.0"}
    code = {"main.js": "export const one = 1;"}
    assert reviewed(tmp_path / "theme", {"manifest.json": theme, **code}, "FUN250") == []
    assert reviewed(tmp_path / "extension", {"manifest.json": extension, **code}, "FUN250") == []


def test_a_program_beside_the_plugin_may_use_node(tmp_path):
    files = {
        "manifest.json": manifest(),
        "src/main.ts": PLUGIN + "  onload() {}\n}",
        "cli/run.ts": "import { readFileSync } from 'fs';\nconsole.log(readFileSync('a'));",
    }
    assert reviewed(tmp_path, files, "API250") == []
