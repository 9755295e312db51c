"""The same flaws written in other ways: through variables, patterns, aliases, chains, a second function."""

from __future__ import annotations

import pytest
from idioms import findings
from whole import reviewed

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

AGAIN = {
    "a version that was kept, against the one of the program": (
        "API005",
        "h.js",
        "module.exports = async (app, store) => {\n  const last = await store.get('lastVersion');\n"
        "  const current = app.getVersion();\n  return last < current; // here\n};",
    ),
    "a version out of what a loop takes apart": (
        "API005",
        "h.ts",
        "interface Installed { id: string; version: string }\nexport const old = (all: Installed[], last: string) => {\n"
        "  const found = [];\n  for (const { id, version } of all) {\n    if (id === last) found.push(id);\n"
        "    if (version > hostVersion) found.push(id); // here\n  }\n  return found;\n};",
    ),
    "a text out of a table of versions": (
        "API005",
        "h.py",
        "def unmet(minimum: str, versions: dict[str, str]):\n    have = versions.get('core')\n    return have < minimum  # here",
    ),
    "a property in brackets": (
        "API008",
        "h.js",
        "/**\n * @typedef {object} Addon\n * @property {() => void} run\n * @property {() => void} [finish]\n */\n"
        "export const stop = (addons) => {\n  for (const addon of addons) addon.finish(); // here\n};",
    ),
    "what the class of the host says of its guests": (
        "API008",
        "h.py",
        'class Talk:\n    """A skill may define ``forget(user)``; most do not."""\n    def forget(self, user):\n'
        "        for skill in self.skills:\n            skill.forget(user)  # here",
    ),
    "a callback that answers with the promise of another function": (
        "API012",
        "h.js",
        "const fits = async (one) => one.ready;\nexport const first = (all) => all.find((one) => fits(one)); // here",
    ),
    "a promise that only a finally settles": (
        "API012",
        "h.js",
        "export const boot = (all) => new Promise(async (resolve) => { // here\n"
        "  try { for (const one of all) await one.start(); } finally { resolve(); }\n});",
    ),
    "the data without the verdict": (
        "API017",
        "p.ts",
        "export const read = (schema: any, raw: unknown) => {\n  const { data } = schema.safeParse(raw); // here\n  return data.url;\n};",
    ),
    "a method taken off its object": (
        "API022",
        "p.js",
        "class Uploader {\n  start(files) {\n    const { add } = this; // here\n    files.forEach(add);\n  }\n"
        "  add(file) { this.queue.push(file); }\n}\nmodule.exports = { Uploader };",
    ),
    "a switch over the words of a message": (
        "API026",
        "h.ts",
        "export function status(cause: Error): number {\n  const message = cause.message;\n  switch (message) { // here\n"
        '    case "not found":\n      return 404;\n    default:\n      return 500;\n  }\n}',
    ),
    "one of several words in a message": (
        "API026",
        "p.py",
        "def go(work):\n    try:\n        return work()\n    except Exception as exc:\n"
        "        if any(word in str(exc) for word in ('locked', 'busy')):  # here\n            return None\n        raise",
    ),
    "a member that a typed dictionary lacks": (
        "API019",
        "h.py",
        "from typing import TypedDict\nclass Manifest(TypedDict):\n    id: str\n    version: str\n    module: str\n"
        "    permissions: list[str]\ndef grants(manifest: Manifest):\n    return frozenset(manifest['grants'])  # here",
    ),
    "a signal in a bag of options": (
        "API030",
        "p.ts",
        "interface Options { retries?: number; signal?: AbortSignal }\n"
        "export async function load(host: any, urls: string[], options: Options) { // here\n"
        "  for (const url of urls) await host.get(url, options.retries);\n}",
    ),
    "a service that another method asks for": (
        "API033",
        "p.py",
        "class Plugin:\n    async def activate(self, context):\n        self.context = context\n        if context.search is not None:\n"
        "            await context.search.open()\n    async def on_note(self, note):\n        await self.context.search.add(note)  # here",
    ),
}

GUESTS = {
    "an answer of a provider spread at once": (
        "API180",
        "h.js",
        "class Hub {\n  async all(record, providers) {\n    let found = record;\n    for (const provider of providers) {\n"
        "      found = { ...found, ...(await provider.look(record)) }; // here\n    }\n    return found;\n  }\n}\nmodule.exports = Hub;",
    ),
    "an answer of what anybody puts into a list": (
        "API180",
        "h.js",
        "const lookups = [];\nexports.use = (look) => lookups.push(look);\nexports.all = async (id) => {\n  const found = [];\n"
        "  for (const look of lookups) {\n    const hit = await look(id);\n    found.push({ id, ...hit }); // here\n  }\n  return found;\n};",
    ),
    "steps that are folded": (
        "API181",
        "h.ts",
        "export const run = (steps: Step[], text: string) =>\n  steps.reduce((now, step) => step(now) as string, text); // here",
    ),
    "an object that each callback gets": (
        "API182",
        "h.ts",
        "interface Match { score: number[] }\ntype Decorator = (match: Match) => string;\nexport class Board {\n"
        "  private readonly matches = new Map<string, Match>();\n  private readonly decorators: Decorator[] = [];\n"
        "  all(id: string) {\n    const match = this.matches.get(id)!;\n"
        "    return this.decorators.map((decorate) => decorate(match)); // here\n  }\n}",
    ),
    "a schema that is only compiled where there is one": (
        "API183",
        "h.js",
        "exports.register = (table, ajv, name, run, schema) =>\n"
        "  table.set(name, { run, fits: schema && ajv.compile(schema) }); // here",
    ),
    "levels without the name of the contract": (
        "API048",
        "h.py",
        "from typing import Protocol\nSUPPORTED_LEVELS = (2, 3)  # here\nclass Filter(Protocol):\n    level: int\n"
        "    def apply(self, samples): ...",
    ),
    "nothing from a session behind the try": (
        "API100",
        "p.py",
        "import aiohttp\nclass Alarms:\n    def __init__(self):\n        self.session = aiohttp.ClientSession()\n"
        "    async def active(self):\n        found = {}\n        try:\n            async with self.session.get('https://a.example') as answer:\n"
        "                found.update(await answer.json())\n        except Exception:\n            return {}  # here\n        return found",
    ),
    "nothing at the end of a chain": (
        "API100",
        "p.js",
        "exports.members = (db, team) => db.query('select 1', [team]).then((got) => got.rows).catch(() => []); // here",
    ),
    "a server for the plugin that asks": (
        "API101",
        "h.js",
        "const express = require('express');\nconst app = express();\n"
        "exports.createContext = function createContext(plugin) {\n  return { id: plugin.id, http: app }; // here\n};",
    ),
}

OF_THE_HOST = {
    "a member that a comprehension asks for": (
        "API008",
        "h.py",
        "from dataclasses import dataclass\nfrom typing import Callable\n@dataclass\nclass E:\n    drain: Callable[[], None] | None = None\n"
        "def shut(all_of_them: list[E]):\n    return [one.drain() for one in all_of_them if one.drain is not None]",
    ),
    "a list of manifests": (
        "API019",
        "h.ts",
        'export const SCHEMA = { type: "object", additionalProperties: false, required: ["id"], properties: {\n'
        '  id: { type: "string" }, version: { type: "string" }, entry: { type: "string" } } };\n'
        "export const byId = (manifests, id) => manifests.find((manifest) => manifest.id === id);",
    ),
    "a bag of options that is handed on": (
        "API030",
        "p.ts",
        "interface Options { signal?: AbortSignal }\nexport async function load(host: any, urls: string[], options: Options) {\n"
        "  for (const url of urls) await host.get(url, options);\n}",
    ),
    "an answer of a store of the host": (
        "API180",
        "h.js",
        "class Hub {\n  constructor(stores) { this.stores = stores; }\n  async all(id) {\n    let found = { id };\n"
        "    for (const store of this.stores) found = { ...found, ...(await store.read(id)) };\n    return found;\n  }\n}\nmodule.exports = Hub;",
    ),
    "an object for the one that is asked": (
        "API182",
        "h.ts",
        "interface Match { score: number[] }\nexport class Board {\n  private readonly matches = new Map<string, Match>();\n"
        "  one(id: string, render: (match: Match) => string) {\n    return render(this.matches.get(id)!);\n  }\n}",
    ),
    "a class that holds a connection for itself": (
        "API101",
        "h.py",
        "import sqlite3\nclass PluginStorage:\n    def __init__(self, db: sqlite3.Connection):\n        self.db = db",
    ),
}

ACROSS = {
    "a helper of another file that blocks two steps further": (
        "COM028",
        {
            "board.py": "import git\nclass Board:\n    async def on_build(self, event):\n        return git.head(event)  # here",
            "git.py": "import subprocess\ndef head(folder):\n    return _git(folder, 'HEAD')\n"
            "def _git(*given):\n    return subprocess.run(['git', *given], check=True)",
        },
    ),
    "a coroutine of the class that a member is called after": (
        "API011",
        {
            "export.py": "async def export(desk):\n    text = desk.sample_table.read()  # here\n    return f'{text}'",
            "tables.py": "class SampleTable:\n    async def read(self):\n        return 1",
        },
    ),
    "an argument by its place that has to be named": (
        "API047",
        {
            "contract.py": "from typing import Protocol\nclass Guest(Protocol):\n"
            "    def setup(self, desk, *, config) -> None: ...  # here\n    def stop(self) -> None: ...",
            "host.py": "from contract import Guest\ndef start(guest: Guest, desk, config):\n    guest.setup(desk, config)",
        },
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


@pytest.mark.parametrize("name", [*WRONG, *AGAIN, *GUESTS])
def test_a_flaw_is_found_however_it_is_written(name):
    rule, path, source = (WRONG | AGAIN | GUESTS)[name]
    line = next(n for n, text in enumerate(source.split("\n"), 1) if text.endswith("here"))
    assert findings(rule, {path: source}) == [(path, line)]


@pytest.mark.parametrize("name", ACROSS)
def test_a_flaw_is_found_over_several_files(name):
    rule, files = ACROSS[name]
    (place,) = [
        (path, n)
        for path, source in files.items()
        for n, text in enumerate(source.split("\n"), 1)
        if text.endswith("here")
    ]
    assert findings(rule, files) == [place]


def test_a_service_that_is_asked_for_by_a_name_of_its_own_is_no_requirement(tmp_path):
    files = {
        "plugin.json": {
            "id": "acme.tides", "name": "Tides", "version": "1.0.0", "main": "tides.py", "minHostVersion": "1.0.0",
            "maxHostVersion": "2.0.0", "requiredFeatures": ["commands"],
        },
        "tides.py": "class Tides:\n    def activate(self, context):\n        self.context = context\n"
        "        context.commands.register('tides.show', self.show)\n    async def show(self):\n"
        "        database = self.context.database\n        if database is not None:\n            await database.read()\n"
        "    def deactivate(self):\n        pass\n",
    }  # fmt: skip
    assert reviewed(tmp_path, files, "API006") == []
    files["tides.py"] = str(files["tides.py"]).replace("if database is not None", "for _ in (1, 2)")
    assert reviewed(tmp_path, files, "API006") == [("API006", "plugin.json", 8)]


@pytest.mark.parametrize("name", [*RIGHT, *OF_THE_HOST])
def test_what_only_looks_like_the_flaw_is_left_alone(name):
    rule, path, source = (RIGHT | OF_THE_HOST)[name]
    assert findings(rule, {path: source}) == []
