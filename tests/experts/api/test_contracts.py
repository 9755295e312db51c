"""Validations without consequence, wrappers made anew, results against their type: in many hands."""

from __future__ import annotations

import pytest
from idioms import findings

WRONG = {
    "API017 python, problems only logged": (
        "API017",
        "l.py",
        """class Loader:
    def read(self, folder):
        data = self.parse(folder)
        errors = self.validator.validate(data)
        if errors:  # here
            self.log.warning("%s: %s", folder, errors)
        return data""",
    ),
    "API017 counted and told": (
        "API017",
        "l.ts",
        """import { validateManifest } from "./v";
export function accept(data: unknown, log: Console) {
  const issues = validateManifest(data);
  if (issues.length > 0) log.warn(`${issues.length} issues: ${issues.join("; ")}`); // here
  return data;
}""",
    ),
    "API017 verdict dropped": (
        "API017",
        "l.py",
        """def validate_descriptor(d):
    return [] if "id" in d else ["no id"]
def load(d, start):
    validate_descriptor(d)  # here
    return start(d)""",
    ),
    "API017 safeParse without success": (
        "API017",
        "l.ts",
        """import { Manifest } from "./schema";
export function load(text: string) {
  const parsed = Manifest.safeParse(JSON.parse(text)); // here
  return parsed.data;
}""",
    ),
    "API020 constant of its own": (
        "API020",
        "c.ts",
        """class Quota { private used = 0; take(n: number) { this.used += n; if (this.used > 5) throw new Error("full"); } }
export class PluginContext {
  get quota(): Quota {
    const quota = new Quota();
    return quota; // here
  }
}""",
    ),
    "API020 python method of a context": (
        "API020",
        "c.py",
        """class Events:
    def __init__(self, bus):
        self.bus = bus
        self.handlers = {}
    def on(self, name, handler):
        self.handlers[name] = handler
class ExtensionContext:
    def __init__(self, bus):
        self._bus = bus
    def events(self):
        return Events(self._bus)  # here""",
    ),
    "API020 factory in a literal": (
        "API020",
        "c.js",
        """const limited = (send) => {
  let left = 10;
  return { send: (text) => { if (left-- > 0) send(text); } };
};
export const makeContext = (send) => ({
  get outbox() { return limited(send); }, // here
});""",
    ),
    "API014 arrow with a cast": (
        "API014",
        "c.ts",
        "interface Shelf { get(k: string): string }\nexport const shelfOf = (ok: boolean, shelf: Shelf): Shelf => (ok ? shelf : null!); // here",
    ),
    "API014 promise of nothing": (
        "API014",
        "c.ts",
        "export async function names(ok: boolean): Promise<string[]> {\n  if (!ok) return undefined as any; // here\n  return ['a'];\n}",
    ),
    "API014 bare return": (
        "API014",
        "c.py",
        "def entry(manifest: dict) -> str:\n    if 'entry' not in manifest:\n        return  # here\n    return manifest['entry']",
    ),
    "API019 dictionary against a schema": (
        "API019",
        "h.py",
        """MANIFEST_SCHEMA = {
    "type": "object", "additionalProperties": False,
    "properties": {"id": {"type": "string"}, "version": {"type": "string"}, "entry": {"type": "string"}, "permissions": {"type": "array"}},
}
def start(manifest, run):
    return run(manifest["entry"], manifest["capabilities"])  # here""",
    ),
    "API005 lists of digits": (
        "API005",
        "g.py",
        "def fits(host_version, min_version):\n    return host_version.split('.') >= min_version.split('.')  # here",
    ),
    "API010 method by its declared type": (
        "API010",
        "s.py",
        """from typing import Protocol
class Store(Protocol):
    async def put(self, key: str, value: str) -> None: ...
class Keeper:
    def __init__(self, store: Store) -> None:
        self.store = store
    async def keep(self, text: str) -> None:
        self.store.put("a", text)  # here""",
    ),
    "API010 in a handler": (
        "API010",
        "s.ts",
        """class Cache { async refresh(): Promise<void> { await fetch("a"); } }
export class Host {
  private readonly cache = new Cache();
  async reload() {
    this.cache.refresh(); // here
    console.log("reloaded");
  }
}""",
    ),
}

RIGHT = {
    "API017 problems are returned": (
        "API017",
        "l.py",
        "class Loader:\n    def read(self, data):\n        errors = self.validator.validate(data)\n        if errors:\n            self.log.warning(errors)\n        return data, errors",
    ),
    "API017 refused in the loop": (
        "API017",
        "l.ts",
        """import { validate } from "./v";
export function all(list: unknown[], log: Console) {
  const kept = [];
  for (const data of list) {
    const problems = validate(data);
    if (problems.length) { log.warn(problems); continue; }
    kept.push(data);
  }
  return kept;
}""",
    ),
    "API017 a validator that throws": (
        "API017",
        "l.py",
        "def validate(d):\n    if 'id' not in d:\n        raise ValueError('no id')\n    return True\ndef load(d, start):\n    validate(d)\n    return start(d)",
    ),
    "API017 state is marked": (
        "API017",
        "l.py",
        "class L:\n    def read(self, entry):\n        errors = self.v.validate(entry.data)\n        if errors:\n            self.log.warning(errors)\n            entry.status = 'invalid'\n        return entry",
    ),
    "API020 made in the constructor": (
        "API020",
        "c.ts",
        "class Quota { private used = 0; take() { this.used += 1; } }\nexport class PluginContext {\n  private readonly q = new Quota();\n  get quota() { return this.q; }\n}",
    ),
    "API020 kept in a map": (
        "API020",
        "c.py",
        "class Quota:\n    def __init__(self):\n        self.used = 0\n    def take(self):\n        self.used += 1\nclass Context:\n"
        "    def __init__(self):\n        self._q = None\n    @property\n    def quota(self):\n        if self._q is None:\n            self._q = Quota()\n        return self._q",
    ),
    "API014 nothing is allowed by an alias": (
        "API014",
        "c.ts",
        "interface A { x: number }\ntype Found = A | null;\nexport const find = (ok: boolean, a: A): Found => (ok ? a : null);",
    ),
    "API014 a setter of nothing": (
        "API014",
        "c.py",
        "def close(x: object) -> None:\n    if x is None:\n        return\n    return None",
    ),
    "API019 a default is given": (
        "API019",
        "h.py",
        """MANIFEST_SCHEMA = {
    "type": "object", "additionalProperties": False,
    "properties": {"id": {"type": "string"}, "version": {"type": "string"}, "entry": {"type": "string"}, "permissions": {"type": "array"}},
}
def start(manifest, run):
    return run(manifest["entry"], manifest.get("capabilities") or [])""",
    ),
    "API010 handled in a chain": (
        "API010",
        "s.ts",
        "const load = async () => 1;\nexport async function go(log: Console) {\n  load().catch((e) => log.error(e));\n  void load().catch(() => 0);\n  await load();\n}",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_contracts_that_are_broken_are_found(name):
    rule, path, source = WRONG[name]
    line = next(n for n, text in enumerate(source.split("\n"), 1) if text.endswith("here"))
    assert findings(rule, {path: source}) == [(path, line)]


@pytest.mark.parametrize("name", RIGHT)
def test_contracts_that_are_kept_are_left_alone(name):
    rule, path, source = RIGHT[name]
    assert findings(rule, {path: source}) == []
