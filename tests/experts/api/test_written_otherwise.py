"""The same flaws written in other ways: through variables, patterns, aliases, chains, a second function."""

from __future__ import annotations

import pytest
from idioms import findings

WRONG = {
    "a version held against a bound": (
        "API005",
        "h.ts",
        'import { ENGINE_VERSION } from "./engine";\nexport const admits = ({ minEngine }) => !(ENGINE_VERSION < minEngine); // here',
    ),
    "the first parts of a version as one number": (
        "API005",
        "h.py",
        'def fits(host_version):\n    return float(".".join(host_version.split(".")[:2])) >= 1.2  # here',
    ),
    "a hook that another method asks for": (
        "API008",
        "h.js",
        "class Wall {\n  async one(widget) { if (widget.unmount) await widget.unmount(); }\n"
        "  async all() { for (const { widget } of this.shown) {\n    await widget.unmount(); // here\n  } }\n}\nmodule.exports = { Wall };",
    ),
    "a member that the host has a question about": (
        "API008",
        "h.py",
        "class Exporters:\n    def __init__(self):\n        self.known = {}\n    def can_preview(self, name):\n"
        '        return hasattr(self.known[name], "preview")\n    def previews(self):\n'
        "        return [exporter.preview() for exporter in self.known.values()]  # here",
    ),
    "a promise that a condition hangs on": (
        "API011",
        "h.js",
        "const ready = async () => true;\nexport async function go(run) {\n  const is = ready(); // here\n  if (!is) return;\n  await run();\n}",
    ),
    "an object type of a comment": (
        "API014",
        "p.js",
        "/**\n * @typedef {{ name: string }} Theme\n */\n/**\n * @returns {Theme}\n */\n"
        "export function theme(all, name) {\n  for (const one of all) if (one.name === name) return one;\n  return null; // here\n}",
    ),
    "a type of a few words": (
        "API015",
        "h.ts",
        'type Phase = "idle" | "active";\nexport function after(phase: Phase): Phase {\n'
        '  if (phase === "idle") { // here\n    return "active";\n  }\n}',
    ),
    "a table behind an entry": (
        "API020",
        "h.py",
        "from collections import defaultdict\nclass Signals:\n    def __init__(self):\n        self._handlers = defaultdict(list)\n"
        "    def connect(self, name, handler):\n        self._handlers[name].append(handler)\n"
        "class Context:\n    @property\n    def signals(self):\n        return Signals()  # here",
    ),
    "a method given to an on…() of the host": (
        "API022",
        "p.ts",
        "export class Watcher {\n  private seen = 0;\n  constructor(private readonly host) {}\n"
        "  start() { this.host.files.onChange(this.changed); } // here\n  changed() { this.seen += 1; }\n}",
    ),
    "an error that suppress() forgets": (
        "API024",
        "p.py",
        "import contextlib\ndef save(store, row):\n    with contextlib.suppress(Exception):  # here\n        store.save(row)",
    ),
    "an answer that is a rejected text": (
        "API025",
        "h.js",
        "export const open = (id, known) => known ? 1 : Promise.reject(`${id} is locked`); // here",
    ),
    "the words of a message in a variable": (
        "API026",
        "p.js",
        "async function go(work) {\n  try { await work(); } catch (error) {\n    const text = error.message;\n"
        '    if (text.startsWith("timed out")) return; // here\n    throw error;\n  }\n}\nmodule.exports = go;',
    ),
    "the words of a message taken apart": (
        "API026",
        "p.js",
        "async function go(work) {\n  try { await work(); } catch ({ message }) {\n"
        "    if (/no such/i.test(message)) return; // here\n    throw new Error(message);\n  }\n}\nmodule.exports = go;",
    ),
    "a signal among the options": (
        "API030",
        "p.js",
        "export const all = async (api, { limit = 5, signal } = {}) => { // here\n  const found = [];\n"
        "  while (found.length < limit) found.push(await api.next());\n  return found;\n};",
    ),
    "a deprecation that only forbids": (
        "API031",
        "h.js",
        "class Api {\n  /**\n   * @deprecated do not use // here\n   */\n  all() {}\n}\nmodule.exports = { Api };",
    ),
    "a service of what a factory is given": (
        "API033",
        "p.js",
        "module.exports = (host) => {\n  const say = (text) => host.notices?.show(text);\n  return {\n"
        "    activate() { say('a'); host.notices.show('b'); }, // here\n    deactivate() {},\n  };\n};",
    ),
}

RIGHT = {
    "two counted versions": (
        "API005",
        "h.ts",
        "export const admits = (schemaVersion, minEngineLevel) => schemaVersion < minEngineLevel;",
    ),
    "a member that everything without is refused for": (
        "API008",
        "h.js",
        "class Wall {\n  add(widget) { if (!widget.mount) throw new TypeError('mount'); this.all.push(widget); }\n"
        "  show() { for (const widget of this.all) widget.mount(); }\n}\nmodule.exports = { Wall };",
    ),
    "a program that ends without the member": (
        "API008",
        "h.py",
        "import sys\ndef main(plugin):\n    if not hasattr(plugin, 'run'):\n        print('usage')\n        sys.exit(1)\n    plugin.run()",
    ),
    "a promise that is asked for later": (
        "API011",
        "h.js",
        "const ready = async () => true;\nexport async function go(run) {\n  const is = ready();\n  run();\n  if (!(await is)) return;\n}",
    ),
    "an end that a method of its own never leaves": (
        "API015",
        "h.py",
        "from typing import NoReturn\nclass Policy:\n    def level(self, name: str) -> int:\n        if name:\n            return 1\n"
        "        self.refuse(name)\n    def refuse(self, name) -> NoReturn:\n        raise PermissionError(name)",
    ),
    "a manifest that another file looks at": (
        "API018",
        "h.js",
        "const fs = require('fs');\nfunction parsed(data) {\n  if (data.id === undefined) throw new TypeError('id');\n  return data;\n}\n"
        "exports.manifestOf = (dir) => parsed(JSON.parse(fs.readFileSync(dir + '/plugin.json', 'utf8')));",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_flaw_is_found_however_it_is_written(name):
    rule, path, source = WRONG[name]
    line = next(n for n, text in enumerate(source.split("\n"), 1) if text.endswith("here"))
    assert findings(rule, {path: source}) == [(path, line)]


@pytest.mark.parametrize("name", RIGHT)
def test_what_only_looks_like_the_flaw_is_left_alone(name):
    rule, path, source = RIGHT[name]
    assert findings(rule, {path: source}) == []
