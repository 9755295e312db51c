"""Hosts that search for plugins and meet bad ones: flaws in many idioms, and right code that looks like them."""

from __future__ import annotations

import pytest
from idioms import findings

CASES = [
    pytest.param(
        "FUN022",
        "host",
        1,
        {
            "d.js": """\
const fs=require('fs'), path=require('path');
exports.scan = (dir) => {
  const found=[];
  fs.readdirSync(dir).forEach((n) => { const manifest = JSON.parse(fs.readFileSync(path.join(dir,n,'plugin.json'),'utf8')); found.push(manifest); });
  return found;
};
""",
        },
        id="FUN022 forEach sync",
    ),
    pytest.param(
        "FUN022",
        "host",
        1,
        {
            "d.ts": """\
import {readFile, readdir} from 'node:fs/promises';
async function readManifest(f: string) { return JSON.parse(await readFile(f,'utf8')); }
export async function discover(root: string) {
  const names = await readdir(root);
  return Promise.all(names.map((n) => readManifest(root + '/' + n + '/manifest.json')));
}
""",
        },
        id="FUN022 promise all map",
    ),
    pytest.param(
        "FUN022",
        "host",
        1,
        {
            "d.py": """\
import tomllib
class Finder:
    def __init__(self, roots): self.roots = roots
    def _read(self, path):
        with path.open('rb') as f:
            return tomllib.load(f)
    def find(self):
        for root in self.roots:
            for path in sorted(root.glob('*/addon.toml')):
                yield self._read(path)
""",
        },
        id="FUN022 class py toml",
    ),
    pytest.param(
        "FUN022",
        "host",
        1,
        {
            "d.py": """\
import json
def discover(root):
    out = []
    try:
        for folder in sorted(root.iterdir()):
            out.append(json.loads((folder / 'plugin.json').read_text()))
    except Exception:
        return []
    return out
""",
        },
        id="FUN022 outer try",
    ),
    pytest.param(
        "FUN022",
        "host",
        0,
        {
            "d.py": """\
import asyncio, json
async def read(p):
    return json.loads(p.read_text())
async def discover(root):
    return await asyncio.gather(*[read(p) for p in sorted(root.glob('*/plugin.json'))], return_exceptions=True)
""",
        },
        id="FUN022 right: gather",
    ),
    pytest.param(
        "FUN022",
        "host",
        0,
        {
            "d.ts": """\
import {readFile, readdir} from 'node:fs/promises';
export async function discover(root: string, log: (s: string) => void) {
  const out: unknown[] = [];
  for (const n of await readdir(root)) {
    try { out.push(JSON.parse(await readFile(root + '/' + n + '/manifest.json','utf8'))); } catch (e) { log(String(e)); continue; }
  }
  return out;
}
""",
        },
        id="FUN022 right: try",
    ),
    pytest.param(
        "FUN022",
        "host",
        0,
        {
            "d.ts": """\
import {readFile, readdir} from 'node:fs/promises';
const readManifest = async (f: string) => JSON.parse(await readFile(f,'utf8'));
export async function discover(root: string) {
  const names = await readdir(root);
  const all = await Promise.all(names.map((n) => readManifest(root + '/' + n + '/manifest.json').catch(() => null)));
  return all.filter(Boolean);
}
""",
        },
        id="FUN022 right: catch chain",
    ),
    pytest.param(
        "FUN024",
        "host",
        1,
        {
            "h.py": """\
from pathlib import Path
class PluginHost:
    def discover(self, root: Path):
        found = []
        for folder in root.iterdir():
            found.append(folder / "plugin.json")
        return found
""",
        },
        id="FUN024 py iterdir",
    ),
    pytest.param(
        "FUN024",
        "host",
        0,
        {
            "h.py": """\
from pathlib import Path
def discover_plugins(root: Path):
    found = [p for p in root.iterdir()]
    found.sort()
    return found
""",
        },
        id="FUN024 right: sorted later",
    ),
]


@pytest.mark.parametrize(("rule", "kind", "count", "files"), CASES)
def test_flaws_are_found_and_right_code_is_left_alone(rule, kind, count, files):
    assert len(findings(rule, files, kind)) == count


_TABLE = "CREATE TABLE plugin (\n  id uuid PRIMARY KEY,\n  name text NOT NULL CHECK (name ~ '{pattern}')\n);\n"
_CODE = """
const NAME = /^[a-z]+(\\.[a-z0-9-]+)+$/;
export function checkManifest(manifest) {
  const { name } = manifest;
  if (!NAME.test(name)) throw new Error("name does not fit");
}
"""


def test_a_name_that_the_code_lets_in_has_to_pass_the_constraint_of_the_table():
    refused = {"src/publish.js": _CODE, "db/1.sql": _TABLE.format(pattern="^[a-z][a-z0-9_]{2,63}$")}
    assert findings("FUN017", refused) == [("db/1.sql", 3)]
    for pattern in (r"^[a-z]+(\.[a-z0-9-]+)+$", r"^[a-z.-]+$"):
        assert findings("FUN017", {"src/publish.js": _CODE, "db/1.sql": _TABLE.format(pattern=pattern)}) == []


def test_a_constraint_on_the_names_of_something_else_is_left_alone():
    table = _TABLE.replace("TABLE plugin", "TABLE studio").format(pattern="^[a-z][a-z0-9_]{2,63}$")
    assert findings("FUN017", {"src/publish.js": _CODE, "db/1.sql": table}) == []


def test_a_core_that_imports_a_tool_with_a_manifest_of_its_own_is_found():
    files = {
        "src/workbench.ts": 'import { measure } from "../tools/tape/src/measure.js";\nexport const status = measure;\n',
        "tools/tape/src/measure.ts": "export const measure = (points: number[]) => points.length;\n",
    }
    assert findings("FUN023", files) == []  # nothing says that it is a plugin, and not a script
    assert findings("FUN023", files | {"tools/tape/tool.json": "{}"}) == [("src/workbench.ts", 1)]
    typed = {**files, "src/workbench.ts": 'import type { measure } from "../tools/tape/src/measure.js";\n'}
    assert findings("FUN023", typed | {"tools/tape/tool.json": "{}"}) == []
