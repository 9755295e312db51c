"""What hosts say of manifests, ids and permissions: flaws in many idioms, and right code that looks like them."""

from __future__ import annotations

import pytest
from idioms import findings

CASES = [
    pytest.param(
        "FUN019",
        "host",
        1,
        {
            "src/m.js": """\
const REQUIRED = ['id','version','entry'];
module.exports.validate = (m) => { for (const k of REQUIRED) if (!m[k]) throw new Error(k); };
""",
            "src/l.js": """\
exports.makeLoader = (root) => async (m) => {
  return import(`${root}/${m.id}/index.mjs`);
};
""",
        },
        id="FUN019 closure factory template",
    ),
    pytest.param(
        "FUN019",
        "host",
        1,
        {
            "h.py": """\
from typing import TypedDict
import importlib.util, os
class Manifest(TypedDict):
    id: str
    version: str
    main: str
    permissions: list
def load(folder: str, m: Manifest):
    path = os.path.join(folder, 'main.py')
    spec = importlib.util.spec_from_file_location(m['id'], path)
    return spec
""",
        },
        id="FUN019 python typeddict",
    ),
    pytest.param(
        "FUN019",
        "host",
        1,
        {
            "h.ts": """\
import {z} from 'zod';
export const M = z.object({id: z.string(), version: z.string(), main: z.string()});
export async function start(dir: string, raw: unknown) {
 const m = M.parse(raw);
 const file = dir + '/plugin.js';
 return import(file);
}
""",
        },
        id="FUN019 zod",
    ),
    pytest.param(
        "FUN019",
        "host",
        0,
        {
            "h.ts": """\
import {z} from 'zod';
export const M = z.object({id: z.string(), version: z.string(), main: z.string()});
export async function start(dir: string, raw: unknown) {
 const { main, id } = M.parse(raw);
 return import(dir + '/' + main);
}
""",
        },
        id="FUN019 right: destructured",
    ),
    pytest.param(
        "FUN019",
        "host",
        0,
        {
            "h.py": """\
from pydantic import BaseModel
import importlib
class Manifest(BaseModel):
    id: str
    version: str
    entry: str
def load(m: Manifest):
    mod, cls = m.entry.split(':')
    return getattr(importlib.import_module(mod), cls)
""",
        },
        id="FUN019 right: pydantic attr",
    ),
    pytest.param(
        "FUN019",
        "host",
        0,
        {
            "h.js": """\
const REQUIRED=['id','version','main'];
export const check = m => REQUIRED.every(k => k in m);
export const entry = (dir, m) => path.join(dir, m.main || 'index.js');
""",
        },
        id="FUN019 right: fallback",
    ),
    pytest.param(
        "FUN018",
        "host",
        1,
        {
            "a.ts": """\
export const CAPABILITIES = new Set(['files','mail','tray']);
export class Ctx { constructor(private g:Set<string>, private s:any){}
 get files(){ if(!this.g.has('files')) throw new Error(); return this.s.files }
 get mail(){ if(!this.g.has('mail')) throw new Error(); return this.s.mail } }
""",
        },
        id="FUN018 set ts",
    ),
    pytest.param(
        "FUN018",
        "host",
        1,
        {
            "p.py": """\
from enum import StrEnum
class Permission(StrEnum):
    NOTES = 'notes'
    BUS = 'bus'
    CAMERA = 'camera'
""",
            "c.py": """\
from p import Permission
def build(grants, host):
    ctx = {}
    if Permission.NOTES in grants:
        ctx['notes'] = host.notes
    if Permission.BUS in grants:
        ctx['bus'] = host.bus
    return ctx
""",
        },
        id="FUN018 enum py",
    ),
    pytest.param(
        "FUN018",
        "host",
        0,
        {
            "a.ts": """\
export const SCOPES = ['files','mail','tray'];
export const ctx = (g:Set<string>, s:any) => ({ files: g.has('files') && s.files, mail: g.has('mail') && s.mail, tray: g.has('tray') && s.tray });
""",
        },
        id="FUN018 right: all used",
    ),
    pytest.param(
        "FUN018",
        "host",
        0,
        {
            "a.py": """\
SCOPES = ('notes.read','notes.write','bus.emit')
class Ctx:
    def __init__(self, g, notes, bus):
        self.notes = notes if 'notes.read' in g else None
        self.bus = bus
""",
        },
        id="FUN018 right: dotted",
    ),
    pytest.param(
        "FUN017",
        "host",
        1,
        {
            "c.js": "const ID = /^[a-z]+(\\.[a-z-]+)+$/;\nexport function validate(manifest) {\n  if (!ID.test(manifest.id)) throw new Error('id');\n  for (const dep of Object.keys(manifest.dependencies ?? {})) {\n    if (!/^[a-z-]+$/.test(dep)) throw new Error(dep);\n  }\n}\n",
        },
        id="FUN017 loop test js",
    ),
    pytest.param(
        "FUN017",
        "host",
        1,
        {
            "a.ts": "export const PLUGIN_ID = /^[a-z]+(\\.[a-z0-9-]+)+$/;\nexport const okay = (pluginId: string) => PLUGIN_ID.test(pluginId);\n",
            "b.ts": """\
export function folderOf(root: string, pluginId: string) {
  if (!/^[a-z0-9_-]+$/.test(pluginId)) throw new Error('bad id');
  return root + '/' + pluginId;
}
""",
        },
        id="FUN017 two modules",
    ),
    pytest.param(
        "FUN017",
        "host",
        1,
        {
            "manifest.schema.json": '{"type":"object","properties":{"id":{"type":"string","pattern":"^[a-z]+(\\\\.[a-z]+)+$"},"version":{"type":"string"},"main":{"type":"string"},"dependencies":{"type":"object","patternProperties":{"^[a-z-]+$":{"type":"string"}},"additionalProperties":false}},"additionalProperties":false}\n',
        },
        id="FUN017 json schema",
    ),
    pytest.param(
        "FUN017",
        "host",
        1,
        {
            "m.py": "import re\nfrom pydantic import BaseModel, Field, field_validator\nclass Manifest(BaseModel):\n    id: str = Field(pattern=r'^[a-z]+(\\.[a-z]+)+$')\n    version: str\n    requires: dict[str, str]\n    @field_validator('requires')\n    def keys(cls, value):\n        for dependency in value:\n            if not re.fullmatch(r'[a-z_]+', dependency):\n                raise ValueError(dependency)\n        return value\n",
        },
        id="FUN017 pydantic",
    ),
    pytest.param(
        "FUN017",
        "host",
        0,
        {
            "c.py": "import re\nID = re.compile(r'[a-z]+(\\.[a-z]+)*')\nRANGE = re.compile(r'\\^?[0-9.]+')\ndef check(m):\n    ok = ID.fullmatch(m['id'])\n    for dep, rng in m['dependencies'].items():\n        ok = ok and ID.fullmatch(dep) and RANGE.fullmatch(rng)\n    return ok\n",
        },
        id="FUN017 right: same",
    ),
    pytest.param(
        "FUN017",
        "host",
        0,
        {
            "c.ts": "const PLUGIN_ID = /^[a-z]+(\\.[a-z]+)+$/;\nconst USER_ID = /^[0-9]+$/;\nexport const a = (pluginId: string, userId: string) => PLUGIN_ID.test(pluginId) && USER_ID.test(userId);\n",
        },
        id="FUN017 right: other entity",
    ),
]


@pytest.mark.parametrize(("rule", "kind", "count", "files"), CASES)
def test_flaws_are_found_and_right_code_is_left_alone(rule, kind, count, files):
    assert len(findings(rule, files, kind)) == count
