"""What a name means, however it was brought here."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.syntax import Name
from reviewer.code.walk import calls_in


def resolved(path: str, source: str, name: str) -> list[str]:
    """Return what the calls of a name resolve to, in source order."""
    module = Module(path, source.encode())
    return [module.resolve(call.callee) for call in calls_in(module.body) if call.name == name]


@pytest.mark.parametrize(
    ("source", "name", "meaning"),
    [
        ('import { exec as run } from "node:child_process"; run(x);', "run", "child_process.exec"),
        ('import * as cp from "child_process"; cp.exec(x);', "exec", "child_process.exec"),
        ('import cp from "child_process"; cp.exec(x);', "exec", "child_process.exec"),
        ('const { exec: run } = require("node:child_process"); run(x);', "run", "child_process.exec"),
        ('const cp = require("child_process"); const go = cp.exec; go(x);', "go", "child_process.exec"),
        ('const { promises: fs } = require("fs"); fs.rm(x);', "rm", "fs.promises.rm"),
        ('import fs from "node:fs/promises"; fs.rm(x);', "rm", "fs.promises.rm"),
        ('require("child_process")["exec"](x);', "", "child_process.exec"),
        (
            'const a_1 = __importDefault(require("vm")); a_1.default.runInContext(x);',
            "runInContext",
            "vm.runInContext",
        ),
        ('const c = require("child_process"); (0, c.exec)(x);', "exec", "child_process.exec"),
        ("globalThis.eval(x);", "eval", "eval"),
        ("async function f() { const vm = await import('vm'); vm.run(x); }", "run", "vm.run"),
        ("function f(eval) { eval(x); }", "eval", ""),
        ("let a; a = b; a = c; a();", "a", ""),
        ("const a = a.b; a();", "a", ""),
    ],
)
def test_a_javascript_name_means_what_it_was_bound_to(source, name, meaning):
    assert resolved("a.ts", source, name) == [meaning]


@pytest.mark.parametrize(
    ("source", "name", "meaning"),
    [
        ("from os import system as run\nrun(x)", "run", "os.system"),
        ("import os\nos.system(x)", "system", "os.system"),
        ("import os.path as p\np.join(x)", "join", "os.path.join"),
        ("import subprocess as sp\ngo = sp.run\ngo(x)", "go", "subprocess.run"),
        ("import importlib\nm = importlib.import_module('os')\nm.system(x)", "system", "os.system"),
        ("def f(eval):\n    eval(x)", "eval", ""),
        ("eval(x)", "eval", "eval"),
        ("def f():\n    from os import system\n    system(x)", "system", "os.system"),
    ],
)
def test_a_python_name_means_what_it_was_bound_to(source, name, meaning):
    assert resolved("a.py", source, name) == [meaning]


@pytest.mark.parametrize(
    "source",
    [
        "export class A { async activate(context) { context.storage.get('k'); } }",
        "export class A { async activate(c: PluginContext) { c.storage.get('k'); } }",
        "export default { activate({ storage }) { storage.get('k'); } };",
        "export class A { activate(context) { const { storage: s } = context; s.get('k'); } }",
        "export class A { activate(context) { this.ctx = context; this.load(); } load() { this.ctx.storage.get('k'); } }",
        "export class A { #host; start(host) { this.#host = host; } load() { this.#host.storage.get('k'); } }",
        "export function activate(ctx) { wire(ctx); } function wire(thing) { thing.storage.get('k'); }",
        "export function activate(ctx) { const s = ctx.storage; on(async () => { await s.get('k'); }); }",
    ],
)
def test_the_context_is_known_however_it_reached_the_call(source):
    assert resolved("a.ts", source, "get") == ["context.storage.get"]


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n    async def activate(self, context):\n        self._context = context\n"
        "    async def go(self):\n        await self._context.storage.get('k')\n",
        "class A:\n    def start(me, context):\n        store = context.storage\n        store.get('k')\n",
        "def setup(ctx):\n    ctx.storage.get('k')\n",
    ],
)
def test_the_context_is_known_in_python_too(source):
    assert resolved("a.py", source, "get") == ["context.storage.get"]


def test_calls_are_found_by_name_without_lowering_the_rest():
    source = "import { exec } from 'child_process';\nfunction far() { other(); }\nfunction near() { exec(a); }\n"
    module = Module("a.js", source.encode())
    assert [call.line for call in module.calls({"exec"})] == [3]
    far = module.body[1]
    assert far._body is None, "the function without the name was lowered for nothing"


def test_a_name_in_a_comment_or_a_string_is_no_call():
    module = Module("a.js", b"// exec(x)\nconst s = 'exec(x)'; const t = `exec(${1})`;\n")
    assert list(module.calls({"exec"})) == []


def test_calls_of_private_methods_are_found_before_and_after_the_file_is_lowered():
    module = Module("a.js", b"class A {\n  #run(x) { return x; }\n  go() { return this.#run(1); }\n}")
    assert [call.line for call in module.calls({"#run"})] == [3]
    assert module.all_nodes
    assert [call.line for call in module.calls({"#run"})] == [3]


def test_a_method_that_only_hands_out_the_context_is_the_context():
    source = """
class Report:
    async def activate(self, context):
        self._context = context

    def _active(self):
        if self._context is None:
            raise RuntimeError("not active")
        return self._context

    async def send(self):
        context = self._active()
        await context.network.fetch("https://a.example")
"""
    made = Module("report.py", source.encode())
    assert "context.network.fetch" in {made.resolve(call.callee) for call in made.calls({"fetch"})}


def test_a_method_of_something_handed_in_does_not_tell_what_a_parameter_of_its_namesake_is():
    source = """
class Slot {
  async start(plugin, ctx) {
    await plugin.start(ctx);
  }
}
"""
    made = Module("slot.js", source.encode())
    assert [made.resolve(call.receiver) for call in made.calls({"start"})] == [""]


def test_a_member_of_an_object_does_not_hide_a_name_of_its_own():
    module = Module(
        "a.js", b"const make = (grants) => ({ get grants() { return grants; }, list() { return grants; } });"
    )
    names = [node for node in module.all(Name) if node.id == "grants"]
    assert [type(module.scopes.origin(name)).__name__ for name in names] == ["Param", "Param"]


@pytest.mark.parametrize(
    ("path", "source", "meaning"),
    [
        (
            "a.js",
            "export function make() { let kit; const f = () => kit.store.set(1);"
            " return { activate(context) { kit = context; } }; }",
            "context.store.set",
        ),
        (
            "a.js",
            "let kit = null; export function activate(context) { kit = context; } function f() { kit.store.set(1); }",
            "context.store.set",
        ),
        (
            "a.py",
            "kit = None\ndef activate(context):\n    global kit\n    kit = context\ndef f():\n    kit.store.set(1)",
            "context.store.set",
        ),
        (
            "a.py",
            "kit = None\ndef activate(context):\n    kit = context\ndef f():\n    kit.store.set(1)",
            "",
        ),
        (
            "a.js",
            "let kit; export function activate(context) { kit = context; }"
            " export function deactivate() { kit?.store.set(1); kit = null; }",
            "context.store.set",
        ),
        (
            "a.js",
            "let kit; export function activate(context) { let kit = context; } function f() { kit.store.set(1); }",
            "",
        ),
        (
            "a.js",
            "let kit; export function activate(context) { kit = context; } function g() { kit = other; }"
            " function f() { kit.store.set(1); }",
            "",
        ),
    ],
)
def test_a_variable_that_begins_empty_means_what_a_function_inside_gives_it(path, source, meaning):
    assert resolved(path, source, "set") == [meaning]


def test_a_value_made_of_itself_has_no_origin():
    module = Module("walk.js", b"for (;;) { var node = above(node); use(node); }")
    used = next(call for call in calls_in(module.body) if call.name == "use").args[0]

    def first_argument(made):
        return made.args[0] if made.args else None

    assert module.scopes.origin_by(used, first_argument) is None


def test_a_value_is_followed_through_what_only_wraps_it():
    module = Module("walk.js", b"const kept = freeze(freeze(make())); use(kept);")
    used = next(call for call in calls_in(module.body) if call.name == "use").args[0]

    def frozen(made):
        return made.args[0] if made.name == "freeze" else None

    assert module.scopes.origin_by(used, frozen).name == "make"
