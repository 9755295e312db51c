"""Manifests and what they lead to: flaws in many idioms, and right code that looks like them."""

from __future__ import annotations

import pytest
from idioms import findings

CASES = [
    pytest.param(
        "FUN003",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js","permission":{"storage":{"read":true}}}
""",
        },
        id="FUN003 permision",
    ),
    pytest.param(
        "FUN003",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js","activationEvent":["x"]}
""",
        },
        id="FUN003 activationEvent",
    ),
    pytest.param(
        "FUN003",
        "plugin",
        0,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js","icon":"a.png","categories":["x"],"galleryBanner":{},"scopes":[],"maxHostVersion":"2.0.0","minAppVersion":"1.0.0","apiVersion":2,"trusted":false,"hostApi":"^2"}
""",
        },
        id="FUN003 ok keys",
    ),
    pytest.param(
        "FUN003",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","vresion":"1.0.0","main":"t.js"}
""",
        },
        id="FUN003 vresion",
    ),
    pytest.param(
        "FUN001",
        "plugin",
        0,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","vresion":"1.0.0","main":"t.js"}
""",
        },
        id="FUN001 vresion",
    ),
    pytest.param(
        "FUN001",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0"}
""",
        },
        id="FUN001 no main",
    ),
    pytest.param(
        "FUN002",
        "plugin",
        0,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js","dependencies":[{"id":"a","version":"^1"}],"permissions":["a"],"requiredFeatures":["x"]}
""",
        },
        id="FUN002 deps list",
    ),
    pytest.param(
        "FUN002",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js","dependencies":{"org.a.b":2}}
""",
        },
        id="FUN002 deps number",
    ),
    pytest.param(
        "FUN002",
        "plugin",
        0,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js","permissions":{"network":{"fetch":{"hosts":["a"]}},"storage":true,"ui":"full"}}
""",
        },
        id="FUN002 perm nested",
    ),
    pytest.param(
        "FUN004",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"2024-01-01","main":"t.js"}
""",
        },
        id="FUN004 date",
    ),
    pytest.param(
        "FUN007",
        "plugin",
        0,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"./src"}
""",
            "src/index.ts": """\
export const a = 1;
""",
        },
        id="FUN007 ok index dir",
    ),
    pytest.param(
        "FUN007",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"src/Index.js"}
""",
            "src/index.js": """\
export const a = 1;
""",
        },
        id="FUN007 case",
    ),
    pytest.param(
        "FUN007",
        "plugin",
        0,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"mood:Mood"}
""",
            "mood/__init__.py": """\
from .core import Mood
""",
            "mood/core.py": """\
class Mood: ...
""",
        },
        id="FUN007 py package root",
    ),
    pytest.param(
        "FUN007",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"moods:Mood"}
""",
            "mood.py": """\
class Mood: ...
""",
        },
        id="FUN007 py missing module",
    ),
    pytest.param(
        "FUN006",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js"}
""",
            "t.js": """\
export default { id: "org.h.tt", version: "1.0.0", async activate(context) { context.x(); }, async deactivate() {} };
""",
        },
        id="FUN006 object plugin",
    ),
    pytest.param(
        "FUN006",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js"}
""",
            "t.ts": """\
export class T { #v = "1.0.0"; get version() { return "1.0.1"; } async activate(context: {x(): void}) { context.x(); } async deactivate() {} }
""",
        },
        id="FUN006 private field",
    ),
    pytest.param(
        "FUN006",
        "plugin",
        0,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js"}
""",
            "t.ts": """\
export class T { id = "org.h.t"; async activate(context: {x(): void}) { context.x(); } async deactivate() {} }
class Sub { id = "org.h.t.sub"; async activate(context: {x(): void}) {} async deactivate() {} }
""",
        },
        id="FUN006 two plugins",
    ),
    pytest.param(
        "REG090",
        "plugin",
        1,
        {
            "plugin.json": '{"id":"org.h.t","name":"T","version":"1.0.0","main":"..\\\\shared\\\\a.js"}\n',
        },
        id="REG090 windows",
    ),
    pytest.param(
        "REG090",
        "plugin",
        1,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js","worker":"/opt/shared/w.js"}
""",
        },
        id="REG090 worker",
    ),
    pytest.param(
        "FUN009",
        "plugin",
        0,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js"}
""",
            "t.js": """\
(function (root) { root.T = 1; })(globalThis);
""",
        },
        id="FUN009 side effect iife",
    ),
    pytest.param(
        "FUN009",
        "plugin",
        0,
        {
            "plugin.json": """\
{"id":"org.h.t","name":"T","version":"1.0.0","main":"t.js"}
""",
            "t.js": """\
Object.assign(exports, { activate() {} });
""",
        },
        id="FUN009 members put into exports",
    ),
]


@pytest.mark.parametrize(("rule", "kind", "count", "files"), CASES)
def test_flaws_are_found_and_right_code_is_left_alone(rule, kind, count, files):
    assert len(findings(rule, files, kind)) == count


def test_a_class_is_missing_although_its_module_imports_others():
    manifest = '{"id": "org.h.t", "name": "T", "version": "1.0.0", "main": "tides.plugin:Tide"}'
    files = {"plugin.json": manifest, "tides/plugin.py": "import json\n\n\nclass Tides:\n    data = json\n"}
    assert findings("FUN007", files, "plugin") == [("plugin.json", 1)]
    assert findings("FUN007", {**files, "tides/plugin.py": "from tides.all import *\n"}, "plugin") == []


def test_a_build_makes_no_file_that_no_source_is_named_like():
    manifest = '{"id": "org.h.t", "name": "T", "version": "1.0.0", "main": "dist/main.js"}'
    files = {"plugin.json": manifest, "src/tides.ts": "export const tides = 1;\n"}
    assert findings("FUN007", files, "plugin") == [("plugin.json", 1)]
    assert findings("FUN007", {**files, "src/main.ts": "export {};\n"}, "plugin") == []
    assert findings("FUN007", {**files, "rollup.config.js": "export default {};\n"}, "plugin") == []
