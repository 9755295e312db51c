"""Tests of plugins: flaws in many idioms, and right code that looks like them."""

from __future__ import annotations

import pytest
from idioms import findings

CASES = [
    pytest.param(
        "FUN014",
        "plugin",
        1,
        {
            "test/a.test.js": """\
import { test } from "node:test";
import assert from "node:assert/strict";
import { Plug } from "../src/p.js";
test("x", async () => { const p = new Plug(); await p.activate({}); assert.equal(true, true); });
""",
        },
        id="FUN014 equal true",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        1,
        {
            "test/a.test.ts": """\
import { it, expect } from "vitest";
import { Plug } from "../src/p";
it("deactivates", async () => { const plug = new Plug(); await plug.activate({} as any); await plug.deactivate(); expect(plug).toBeDefined(); });
""",
        },
        id="FUN014 vitest defined",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        1,
        {
            "tests/test_a.py": """\
from p import Plug
async def test_stop():
    plug = Plug()
    await plug.activate(None)
    await plug.deactivate()
    assert plug is not None
""",
            "p.py": """\
class Plug:
    pass
""",
        },
        id="FUN014 py is not none",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        1,
        {
            "tests/test_a.py": """\
from p import Plug
async def test_stop():
    plug = Plug()
    await plug.deactivate()
    assert isinstance(plug, Plug)
""",
            "p.py": """\
class Plug:
    pass
""",
        },
        id="FUN014 py isinstance",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        1,
        {
            "tests/test_a.py": """\
def test_stop(plug):
    plug.stop()
    assert True
""",
        },
        id="FUN014 py assert true",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        1,
        {
            "src/a.spec.ts": """\
describe("plug", () => { it("registers a command", async () => { const p = make(); await p.activate(ctx()); await p.deactivate(); }); });
""",
        },
        id="FUN014 nothing jest",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        1,
        {
            "tests/test_a.py": """\
import unittest
class T(unittest.TestCase):
    def test_registers(self):
        p = Plug()
        p.activate({})
""",
        },
        id="FUN014 unittest none",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        0,
        {
            "tests/test_a.py": """\
def test_registers(mocker):
    ctx = mocker.Mock()
    Plug().activate(ctx)
    ctx.commands.register.assert_called_once_with("a")
""",
        },
        id="FUN014 right: mock",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        0,
        {
            "test/a.test.js": """\
import test from "ava";
test("x", async (t) => { t.is(await f(), 2); });
""",
        },
        id="FUN014 right: t.is",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        0,
        {
            "test/a.test.js": """\
import { expect } from "chai";
it("x", () => { const a = f(); expect(a).to.be.empty; });
""",
        },
        id="FUN014 right: should",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        0,
        {
            "test/a.test.js": """\
import { test } from "node:test";
import assert from "node:assert/strict";
import { Plug } from "../src/p.js";
test("x", () => { assert.throws(() => new Plug(1), /bad/); });
""",
        },
        id="FUN014 right: throws",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        0,
        {
            "test/a.test.js": """\
import request from "supertest";
it("x", async () => { await request(app).get("/").expect(200); });
""",
        },
        id="FUN014 right: supertest",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        0,
        {
            "test/a.test.js": """\
import { test } from "node:test";
import assert from "node:assert/strict";
import { Plug } from "../src/p.js";
test("x", async () => { const p = new Plug(); assert.ok(p); await p.activate({}); assert.equal(p.n, 1); });
""",
        },
        id="FUN014 right: made and checked",
    ),
    pytest.param(
        "FUN014",
        "plugin",
        0,
        {
            "test/a.test.js": """\
it("x", () => { return expect(f()).rejects.toThrow(); });
it("y", () => expect(f()).resolves.toBe(1));
""",
        },
        id="FUN014 right: return expect",
    ),
    pytest.param(
        "FUN015",
        "plugin",
        1,
        {
            "src/p.js": """\
export class P { async activate(ctx) { ctx.commands.register('notes.add', (x) => x); ctx.eventBus.on('day.started', () => this.x()); } async deactivate() {} }
""",
            "test/p.test.js": """\
import { test } from "node:test"; import assert from "node:assert";
test("resets", async () => {
 const { bus, p } = setup();
 await bus.emit("day.start");
 assert.equal(p.n, undefined);
});
""",
        },
        id="FUN015 emit",
    ),
    pytest.param(
        "FUN015",
        "plugin",
        1,
        {
            "src/p.js": """\
export class P { async activate(ctx) { ctx.commands.register('notes.add', (x) => x); ctx.eventBus.on('day.started', () => this.x()); } async deactivate() {} }
""",
            "test/p.test.js": """\
import { test } from "node:test"; import assert from "node:assert";
test("adds", async () => {
 const { commands } = setup();
 const r = await commands["notes.create"]?.("x");
 assert.equal(r, undefined);
});
""",
        },
        id="FUN015 index optional",
    ),
    pytest.param(
        "FUN015",
        "plugin",
        1,
        {
            "src/p.js": """\
export class P { async activate(ctx) { ctx.commands.register('notes.add', (x) => x); ctx.eventBus.on('day.started', () => this.x()); } async deactivate() {} }
""",
            "test/p.test.js": """\
import { test } from "node:test"; import assert from "node:assert";
test("adds", async () => {
 const { handlers } = setup();
 const run = handlers.get("note.add");
 if (run) { assert.equal(await run("x"), "x"); }
});
""",
        },
        id="FUN015 guarded var",
    ),
    pytest.param(
        "FUN015",
        "plugin",
        1,
        {
            "src/p.js": """\
export class P { async activate(ctx) { ctx.commands.register('notes.add', (x) => x); ctx.eventBus.on('day.started', () => this.x()); } async deactivate() {} }
""",
            "test/p.test.js": """\
import { test, expect } from "vitest";
test("removes", async () => {
 const { commands, p } = setup();
 await p.deactivate();
 expect(commands.has("notes.ad")).toBe(false);
});
""",
        },
        id="FUN015 has false",
    ),
    pytest.param(
        "FUN015",
        "plugin",
        0,
        {
            "src/p.js": """\
export class P { async activate(ctx) { ctx.commands.register('notes.add', (x) => x); ctx.eventBus.on('day.started', () => this.x()); } async deactivate() {} }
""",
            "test/p.test.js": """\
import { test, expect } from "vitest";
test("removes", async () => {
 const { commands, p, bus } = setup();
 await bus.emit("day.started");
 bus.emit("other.thing");
 await commands.get("notes.add")?.("x");
 expect(commands.has("notes.unknown")).toBe(false);
});
""",
        },
        id="FUN015 good",
    ),
    pytest.param(
        "FUN015",
        "plugin",
        0,
        {
            "src/p.js": """\
export const ADD='notes.add'; const prefix='notes'; export class P { async activate(ctx) { for (const n of ['list','find']) ctx.commands.register(`${prefix}.${n}`, () => 1); ctx.commands.register(ADD, () => 1); } async deactivate(){} }
""",
            "test/p.test.js": """\
import { test } from "vitest";
test("x", async () => { expect(await commands.get("notes.list")?.()).toBe(1); });
""",
        },
        id="FUN015 right: const",
    ),
]


@pytest.mark.parametrize(("rule", "kind", "count", "files"), CASES)
def test_flaws_are_found_and_right_code_is_left_alone(rule, kind, count, files):
    assert len(findings(rule, files, kind)) == count
