"""The modules of a project that are worth a look, without parsing the others for it."""

from __future__ import annotations

import re

import pytest

from reviewer.code import project as projects
from reviewer.code.project import Project
from reviewer.code.text.languages import is_test

FILES = {
    "src/bus.js": b"export const emit = (name) => listeners.get(name);",
    "src/plain.js": b"export const sum = (a, b) => a + b;",
    "test/bus.test.js": b"emit('x');",
    "src/names.py": b"registerCommand = 1",
}


def project(read=None, **keeps):
    return Project(list(FILES), read or (lambda path: FILES[path]), **keeps)


def paths(modules):
    return [module.path for module in modules]


def test_without_a_name_all_of_them_come_in_their_order():
    assert paths(project().modules()) == list(FILES)


def test_those_that_spell_a_name_or_a_word_of_one():
    assert paths(project().modules(naming={"emit"})) == ["src/bus.js", "test/bus.test.js"]
    assert paths(project().modules(naming={"register"})) == ["src/names.py"]
    assert paths(project().modules(naming={"nowhere"})) == []


def test_tests_alone_or_what_is_none():
    assert paths(project().modules(tests=True)) == ["test/bus.test.js"]
    assert paths(project().modules(naming={"emit"}, tests=False)) == ["src/bus.js"]


def test_what_was_let_go_is_not_read_again_for_a_name_that_it_does_not_spell():
    read = []

    def counted(path):
        read.append(path)
        return FILES[path]

    made = project(counted, keeps=1)
    assert paths(made.modules(naming={"emit"})) == ["src/bus.js", "test/bus.test.js"]
    read.clear()
    assert paths(made.modules(naming={"nowhere"})) == []
    assert read == []


def test_each_file_is_asked_a_question_once_however_often_it_is_let_go():
    made, asked = project(keeps=1), []

    def length(module):
        asked.append(module.path)
        return len(module.source)

    first = next(made.answers("length", length, naming={"emit"}))
    assert (first, asked) == (len(FILES["src/bus.js"]), ["src/bus.js"])
    lengths = [len(FILES["src/bus.js"]), len(FILES["test/bus.test.js"])]
    assert [list(made.answers("length", length, naming={"emit"})) for _ in range(2)] == [lengths, lengths]
    assert asked == ["src/bus.js", "test/bus.test.js"]
    assert list(made.answers("calls", lambda module: len(list(module.calls({"emit"}))), naming={"emit"})) == [0, 1]


def test_a_file_whose_text_shows_nothing_is_not_parsed_for_an_answer():
    made, asked = project(), []
    shown = list(
        made.answers("shown", lambda module: asked.append(module.path), {"emit"}, showing=re.compile(rb"get\(").search)
    )
    assert (shown, asked) == ([None], ["src/bus.js"])


def test_texts_are_given_without_a_module(monkeypatch):
    monkeypatch.setattr(projects, "Module", None)
    assert list(project().texts({"register"})) == [("src/names.py", FILES["src/names.py"])]


@pytest.mark.parametrize(
    "path", ["src/a.test.ts", "types/index.tst.ts", "index.test-d.ts", "src/a_test.py", "tests/a.js"]
)
def test_a_test_of_code_or_of_types_is_known_by_its_name(path: str):
    module = Project([path], lambda _path: b"").module(path)
    assert module is not None
    assert module.is_test


DECLARED = {
    "src/plugin.ts": b'import type { Context } from "./host.js";\nimport type { Bus } from "@atlas/host";\n',
    "src/host.d.ts": b"export interface Store { set(key: string): Promise<void> }\n"
    b"export interface Context { readonly store: Store }\n",
    "types/atlas.d.ts": b'declare module "@atlas/host" {\n  export interface Bus { emit(name: string): Promise<void> }\n}\n',
    "api.pyi": b"class Store:\n    async def set(self, key: str) -> None: ...\n",
    "plugin.py": b"from api import Store\n",
}


def test_types_that_a_file_only_declares_are_found_by_those_who_import_them():
    made = Project(list(DECLARED), lambda path: DECLARED[path])
    assert made.target("src/plugin.ts", "./host.js") == "src/host.d.ts"
    assert made.target("src/plugin.ts", "@atlas/host") == "types/atlas.d.ts"
    assert made.target("plugin.py", "api") == "api.pyi"
    plugin, script = made.module("src/plugin.ts"), made.module("plugin.py")
    names = [made.definition(plugin, one) for one in plugin.imports] + [made.definition(script, script.imports[0])]
    assert [getattr(one, "name", None) for one in names] == ["Context", "Bus", "Store"]


def test_no_check_looks_at_a_file_that_only_declares_types():
    made = Project(list(DECLARED), lambda path: DECLARED[path])
    assert paths(made.modules()) == ["src/plugin.ts", "plugin.py"]


def test_a_package_of_many_declarations_is_not_searched_for_modules_outside():
    files = {f"types/{number}.d.ts": b'declare module "outside" {}' for number in range(41)}
    read = []
    made = Project([*files, "a.ts"], lambda path: read.append(path) or files.get(path, b""))
    assert (made.target("a.ts", "outside"), read) == ("", [])


@pytest.mark.parametrize("path", ["test.js", "tests.ts", "lib/lamps_tests.js", "_test_lamps.py", "a.notest.js"])
def test_files_of_tests_are_known_by_their_names(path):
    assert is_test(path)


@pytest.mark.parametrize("path", ["commands/test.js", "src/test.py", "latest.js", "contest.py"])
def test_a_command_of_that_name_is_no_test(path):
    assert not is_test(path)
