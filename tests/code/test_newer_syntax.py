"""Syntax that is younger than the grammars is understood, and every place stays where it was."""

from __future__ import annotations

import pytest

from reviewer.code.javascript.newer_syntax import in_older_words
from reviewer.code.module import Module
from reviewer.code.syntax import Assign, Call, Function
from reviewer.code.walk import find

NEWER = [
    'export type * from "./contract";',
    'export type * as wire from "./wire";',
    'import defer * as heavy from "./heavy";',
    'import source engine from "./engine.wasm";',
    'export { default } from "./package.json" with { type: "json" };',
    'export * from "./table.json" with {\n  type: "json",\n};',
    "class Panel { accessor title = 1; static accessor count: number; accessor #own = 2 }",
    "abstract class Base { abstract accessor name: string; }",
    "interface Port<in out Message> { post(message: Message): void }",
    'let reply: import("./wire").Reply<string>;',
    "async function load() { using file = open(); await using link: Link = connect(); return file; }",
    "for (using row of rows()) { row.read(); }",
]
OLDER = [
    "const type = 3; type * 4; using(connection(), work); accessor.of(1); const defer = 1;",
    'const said = `export type * from "x"`; import("./wire").then(load); using = 4;',
    "class Lens { accessor() { return 1; } using() { return this.accessor; } }",
]


@pytest.mark.parametrize("text", NEWER)
def test_newer_syntax_is_understood(text):
    module = Module("src/panel.ts", (text + "\nfollows(1);\n").encode())
    assert not module.tree.root_node.has_error
    (call,) = (one for one in module.all(Call) if one.name == "follows")
    assert call.line == text.count("\n") + 2
    assert module.text(call.raw) == "follows(1)"


@pytest.mark.parametrize("text", [*NEWER, *OLDER, "export type", "accessor", "using x ="])
def test_every_byte_stays_in_its_place(text):
    older = in_older_words(text.encode())
    assert len(older) == len(text)
    assert [at for at, one in enumerate(older) if one == 10] == [at for at, one in enumerate(text) if one == "\n"]


@pytest.mark.parametrize("text", OLDER[::2])
def test_what_is_no_newer_syntax_stays_as_it_is(text):
    assert in_older_words(text.encode()) == text.encode()


@pytest.mark.parametrize("path", ["src/a.ts", "src/a.tsx", "src/a.mjs"])
def test_what_a_block_releases_is_told_from_a_constant(path):
    text = b"async function load() { using file = open(); await using link = connect(); const plain = 1; }"
    (function,) = Module(path, text).all(Function)
    assert [one.declare for one in find(function.body, Assign)] == ["using", "using", "const"]
