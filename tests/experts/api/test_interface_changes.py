"""Two versions of small packages, in the shapes in which packages come: sources, declarations, compiled code."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.engine.looking.watch import Unwatched
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import RootReview

PACKAGE = '{"name": "host", "version": "1.0.0", "main": "lib/index.js", "types": "lib/index.d.ts"}'
NEXT = PACKAGE.replace("1.0.0", "1.1.0")


def compared(folder: Path, before: dict[str, str], after: dict[str, str], kind: str = "host") -> list[tuple[str, str]]:
    """Return rule and message of what breaks between two sets of files."""
    for name, files in (("before", before), ("after", after)):
        for path, text in files.items():
            place = folder / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
    request = Request(
        kind=kind, select=("API04",), strictness="pedantic", today="2026-01-01", against="before",
        against_path=str(folder / "before"),
    )  # fmt: skip
    (job,) = jobs_of(Plan((str(folder / "after"),), request))
    root = RootReview(job, Unwatched())
    results = {(unit.subject, unit.path): root.look(unit.subject, unit.path) for unit in root.units}
    (reviewed,) = root.finish(results).reviewed
    assert reviewed.review.errors == ()
    return [(finding.rule, finding.message) for finding in reviewed.review.findings]


def one(folder: Path, before: str, after: str, path: str = "src/index.ts", kind: str = "host") -> list[str]:
    """Return the rules that speak of a single file that changed."""
    return [rule for rule, _message in compared(folder, {path: before}, {path: after}, kind)]


def test_declarations_are_what_a_compiled_package_promises(tmp_path: Path):
    code = '"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); exports.load = load; function load(a) {}'
    old = "export declare function load(folder: string, depth?: number): string[];\nexport * from './context';\n"
    context = "export interface HostContext { log(text: string): void; readonly id: string }\n"
    before = {"package.json": PACKAGE, "lib/index.js": code, "lib/index.d.ts": old, "lib/context.d.ts": context}
    after = before | {
        "package.json": NEXT,
        "lib/index.d.ts": old.replace("depth?", "depth"),
        "lib/context.d.ts": context.replace("log(text: string): void; ", ""),
    }
    found = compared(tmp_path, before, after)
    assert [rule for rule, _ in found] == ["API040", "API041"]
    assert "HostContext.log is gone between 1.0.0 and 1.1.0" in found[0][1]
    assert "load asks for depth" in found[1][1]


def test_what_a_compiler_exports_in_a_chain_is_all_there(tmp_path: Path):
    before = (
        "exports.b = exports.a = void 0;\nvar x = require('./x');\n"
        'Object.defineProperty(exports, "a", { enumerable: true, get: function () { return x.a; } });\n'
        'Object.defineProperty(exports, "b", { enumerable: true, get: function () { return x.b; } });\n'
    )
    after = before.replace("exports.b = exports.a", "exports.a = exports.b")
    files = {"package.json": PACKAGE, "lib/index.js": before, "lib/x.js": "exports.a = 1; exports.b = 2;\n"}
    assert compared(tmp_path, files, files | {"lib/index.js": after}) == []
    gone = after.replace("exports.a = exports.b", "exports.b").replace('"a"', '"b"')
    found = compared(tmp_path / "gone", files, files | {"package.json": NEXT, "lib/index.js": gone})
    assert [rule for rule, _ in found] == ["API040"]


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ("export class A { m(): void {} }", "class B { m(): void {} }\nexport class A extends B {}", []),
        ("export class A { m(): void {} }", "import { B } from 'b';\nexport class A extends B {}", []),
        ("export class A { protected m(): void {} }", "export class A {}", []),
        ("export class A { _m(): void {} }", "export class A {}", []),
        ("/** @internal */\nexport function f(): void {}", "export const g = 1;", []),
        ("export function f(a: string): void;\nexport function f(a: number): void;\nexport function f(a: any) {}",
         "export function f(a: string): void;\nexport function f(a: any) {}", []),
        ("export abstract class A { m(): void {} }", "export abstract class A { m(): void {} abstract n(): void }",
         ["API046"]),
        ("export interface LoadOptions { depth?: number }", "export interface LoadOptions { depth: number }",
         ["API046"]),
        ("export function f({ a }: { a: string }) {}", "export function f({ a, b }: { a: string; b: string }) {}", []),
        ("export const f = (a: string) => a;", "export const f = (a: string, b: string) => a + b;", ["API041"]),
        ("export const f = (a: string) => a;", "export const f = (a: string, ...b: string[]) => a + b;", []),
        ("export async function f(): Promise<string> { return ''; }",
         "export function f(): Promise<string> { return Promise.resolve(''); }", []),
        ("export default class Host { start(): void {} }", "export default class Host {}", ["API040"]),
        ("export const VERSION = '1.0.0';", "export const VERSION = '1.1.0';", []),
        ("export class A { get x(): string { return ''; } set x(v) {} }", "export class A { get x(): string { return ''; } }",
         ["API042"]),
    ],
)  # fmt: skip
def test_scripts_break_where_callers_do_and_nowhere_else(tmp_path: Path, before: str, after: str, rules: list[str]):
    assert one(tmp_path, before, after) == rules


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ("def f(a, b=[]): ...\n", "def f(a, b=None): ...\n", []),
        ("def f(a): ...\n", "def f(*args, **kwargs): ...\n", []),
        ("def f(a, *, b=1): ...\n", "def f(a, b=1): ...\n", []),
        ("def f(a, b=1): ...\n", "def f(a, *, b=1): ...\n", ["API041"]),
        ("def f(a, b): ...\n", "def f(b, a): ...\n", ["API041"]),
        ("def f(a, /): ...\n", "def f(b, /): ...\n", []),
        ("def f(a): ...\n", "def f(b): ...\n", ["API041"]),
        ("__all__ = ['f']\ndef f(): ...\ndef g(): ...\n", "__all__ = ['f']\ndef f(): ...\n", []),
        ("import os\ndef f(): ...\n", "def f(): ...\n", []),
        ("class A:\n    def __init__(self):\n        self.x = 1\n        self._y = 2\n", "class A:\n    pass\n", ["API040"]),
        ("class A:\n    @property\n    def x(self) -> str: ...\n", "class A:\n    x: str\n", []),
        ("def f() -> None: ...\n", "def f() -> str: ...\n", []),
        ("def f(): ...\n", "async def f(): ...\n", ["API042"]),
        ("from warnings import deprecated\n@deprecated('gone in 0.5')\ndef f(): ...\n", "x = 1\n", ["API040"]),
    ],
)  # fmt: skip
def test_python_breaks_where_callers_do_and_nowhere_else(tmp_path: Path, before: str, after: str, rules: list[str]):
    assert one(tmp_path, before, after, "host/api.py") == rules


def test_a_plugin_answers_for_its_commands_and_its_entry_alone(tmp_path: Path):
    manifest = (
        '{"id": "org.x.y", "name": "Y", "version": "1.0.0", "main": "plugin.js", '
        '"contributes": {"commands": [{"command": "y.open"}, {"command": "y.close"}]}}'
    )
    code = "import { helper } from './helper.js';\nexport function activate(context) { helper(); }\n"
    before = {"plugin.json": manifest, "plugin.js": code, "helper.js": "export function helper() {}\n"}
    after = {
        "plugin.json": manifest.replace(', {"command": "y.close"}', "").replace("1.0.0", "1.0.1"),
        "plugin.js": code.replace("helper", "other").replace("other.js", "helper.js"),
        "helper.js": "export function other() {}\n",
    }
    found = compared(tmp_path, before, after, "plugin")
    assert [rule for rule, _ in found] == ["API043"]
    assert "the command y.close is gone between 1.0.0 and 1.0.1" in found[0][1]
