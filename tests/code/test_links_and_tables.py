"""Calls reach their functions across files; tables know who writes and reads them."""

from __future__ import annotations

import pytest

from reviewer.code.project import Project
from reviewer.code.reach.links import callee, class_of_value, declared_type, is_async, knows_all_bases, lineage
from reviewer.code.syntax import Function
from reviewer.code.tables import nested_tables, tables
from reviewer.code.walk import calls_in


def project(files: dict[str, str]) -> Project:
    return Project(tuple(sorted(files)), lambda path: files[path].encode())


def reached(files: dict[str, str], path: str, name: str) -> Function | None:
    module = project(files).module(path)
    assert module is not None
    return callee(module, next(call for call in calls_in(module.body) if call.name == name))


@pytest.mark.parametrize(
    "helper",
    [
        "export function release(x) {}",
        "export const release = (x) => {};",
        "function release(x) {} export { release };",
        "function go(x) {} export { go as release };",
        'export * from "./far.js";',
        'export { release } from "./far.js";',
    ],
)
def test_a_call_reaches_a_function_of_another_file(helper):
    files = {
        "src/a.ts": 'import { release as r } from "./helper.js"; r(1);',
        "src/helper.ts": helper,
        "src/far.ts": "export function release(x) {}",
    }
    found = reached(files, "src/a.ts", "r")
    assert found is not None
    assert found.module.path in ("src/helper.ts", "src/far.ts")


@pytest.mark.parametrize(
    "helper",
    [
        "exports.release = function (x) {};",
        "module.exports = { release(x) {} };",
        "function release(x) {} module.exports = { release };",
    ],
)
def test_commonjs_exports_are_followed(helper):
    files = {"a.js": 'const { release } = require("./b"); release(1);', "b.js": helper}
    module = project(files).module("a.js")
    assert module is not None
    call = next(call for call in calls_in(module.body) if call.name == "release")
    assert module.resolve(call.callee) == "./b.release"
    found = callee(module, call)
    assert found is not None
    assert found.module.path == "b.js"


@pytest.mark.parametrize(
    "use",
    [
        'const Desk = require("./desk"); const desk = new Desk(); desk.close();',
        'const kit = require("./kit"); const desk = new kit.Desk(); desk.close();',
        'const desk = new (require("./kit").Desk)(); desk.close();',
    ],
)
def test_a_class_that_a_file_requires_is_the_one_that_the_other_file_gives(use):
    files = {
        "a.js": use,
        "desk.js": "class Desk { close() {} }\nmodule.exports = Desk;",
        "kit.js": "class Desk { close() {} }\nexports.Desk = Desk;",
    }
    found = reached(files, "a.js", "close")
    assert found is not None
    assert found.name == "close"


def test_python_imports_inside_the_subject_are_followed():
    files = {
        "pkg/__init__.py": "",
        "pkg/a.py": "from .b import Base\nfrom pkg.c import go\nclass A(Base):\n    def m(self):\n        self.release()\n        go()\n",
        "pkg/b.py": "class Base:\n    def release(self):\n        pass\n",
        "pkg/c.py": "def go():\n    pass\n",
    }
    assert reached(files, "pkg/a.py", "release").module.path == "pkg/b.py"
    assert reached(files, "pkg/a.py", "go").module.path == "pkg/c.py"


@pytest.mark.parametrize(
    "use", ["from . import git\ngit.go(1)", "from pkg import git as g\ng.go(1)", "import pkg.git as g\ng.go(1)"]
)
def test_a_function_of_an_imported_python_module_is_reached(use):
    files = {"pkg/__init__.py": "", "pkg/git.py": "def go(x): pass\n", "pkg/a.py": use + "\n"}
    found = reached(files, "pkg/a.py", "go")
    assert found is not None
    assert found.module.path == "pkg/git.py"


def test_bases_are_followed_and_unknown_ones_said():
    files = {
        "a.ts": 'import { B } from "./b"; import { X } from "x"; class A extends B {} class C extends X {}',
        "b.ts": "export class B { m() {} }",
    }
    module = project(files).module("a.ts")
    a, c = module.classes
    assert [cls.name for cls in lineage(a)] == ["A", "B"]
    assert knows_all_bases(a)
    assert not knows_all_bases(c)


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("async function f() {} f();", True),
        ("function f(): Promise<void> { return g(); } f();", True),
        ("function f(): void {} f();", False),
        ("interface S { f(): Promise<number> } class A { constructor(private s: S) {} m() { this.s.f(); } }", True),
        ("class S { async f() {} } const s = new S(); s.f();", True),
        ("function a(s: Unknown) { s.f(); }", None),
    ],
)
def test_what_gives_a_promise_is_read_from_its_declaration(source, answer):
    module = project({"a.ts": source}).module("a.ts")
    call = next(call for call in calls_in(module.body) if call.name == "f")
    assert is_async(module, call) is answer


def test_the_class_of_a_value_is_known_through_fields_and_names():
    source = "class S { f() {} }\nclass A {\n  s = new S();\n  m() { const t = this.s; t.f(); }\n}"
    module = project({"a.ts": source}).module("a.ts")
    call = next(call for call in calls_in(module.body) if call.name == "f")
    assert class_of_value(module, call.receiver).name == "S"


@pytest.mark.parametrize(
    "source",
    [
        "class A { s = new Map<string, P>(); m() { this.s.get(1); } }",
        "class A { s: Map<string, P> = new Map(); m() { this.s.get(1); } }",
        "class A { constructor() { this.s = new Map<string, P>(); } m() { this.s.get(1); } }",
        "const s = new Map<string, P>(); function m() { s.get(1); }",
    ],
)
def test_the_type_of_a_collection_may_be_written_where_it_is_made(source):
    module = project({"a.ts": source}).module("a.ts")
    call = next(call for call in calls_in(module.body) if call.name == "get")
    assert declared_type(module, call.receiver) == "Map<string, P>"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "a.ts",
            "class R { #items = new Map<string, X>(); add(i) { if (this.#items.has(i.id)) return; this.#items.set(i.id, i); }"
            " get(id) { return this.#items.get(id); } drop(id) { this.#items.delete(id); } }",
        ),
        (
            "a.js",
            "function make() { const items = {}; return { add(i) { if (i.id in items) return; items[i.id] = i; },"
            " get: (id) => items[id], drop(id) { delete items[id]; } }; }",
        ),
        (
            "a.py",
            "class R:\n    def __init__(self):\n        self._items: dict[str, X] = {}\n    def add(self, i):\n"
            "        if i.id in self._items:\n            return\n        self._items[i.id] = i\n"
            "    def get(self, id):\n        return self._items.get(id)\n    def drop(self, id):\n"
            "        self._items.pop(id, None)\n",
        ),
        (
            "b.py",
            "ITEMS = {}\ndef add(i):\n    if i.id in ITEMS:\n        return\n    ITEMS[i.id] = i\n"
            "def get(id):\n    return ITEMS[id]\ndef drop(id):\n    del ITEMS[id]\n",
        ),
    ],
)
def test_a_table_knows_its_accesses_in_every_idiom(path, source):
    module = project({path: source}).module(path)
    (table,) = tables(module)
    assert [access.how for access in table.accesses] == ["has", "write", "read", "delete"]
    assert [module.text_of(access.key) for access in table.accesses] == ["i.id", "i.id", "id", "id"]


def test_a_table_in_the_records_of_another_is_known_by_its_name():
    source = (
        "const guests = new Map();\n"
        "export function attach(name, port) { guests.set(name, { port, asked: new Map(), log: [] }); }\n"
        "export function ask(name, id, resolve) { const guest = guests.get(name); guest.asked.set(id, resolve); }\n"
        "export function forget(guest, id) { guest.asked.delete(id); }\n"
    )
    (held,) = nested_tables(project({"a.js": source}).module("a.js"))
    assert (held.name, [access.how for access in held.accesses]) == ("asked", ["write", "delete"])


def test_the_answer_of_a_declared_member_has_its_type():
    source = "interface Row { id: string }\ninterface Db { one(id: string): Promise<Row> }\n"
    module = project({"a.ts": source + "async function f(db: Db) { const row = await db.one('a'); use(row); }"}).module(
        "a.ts"
    )
    (use,) = module.calls(("use",))
    assert declared_type(module, use.args[0]) == "Promise<Row>"


def test_a_parameter_that_is_called_as_a_class_is_one_of_it():
    source = "export class Tokens { async verify(token) {} }\nexport const f = ({ tokens }) => tokens.verify('a');"
    module = project({"a.js": source}).module("a.js")
    (call,) = module.calls(("verify",))
    assert is_async(module, call) is True


def test_a_promise_and_a_list_are_not_what_they_hold():
    source = (
        "class Door { shut() {} }\n"
        "class House {\n"
        "  #doors: Door[] = [];\n"
        "  open(): Promise<Door> { return found(); }\n"
        "  async run() { this.open().catch(stop); (await this.open()).shut(); this.#doors.push(made); }\n"
        "}\n"
    )
    module = project({"a.ts": source}).module("a.ts")
    kinds = {call.name: class_of_value(module, call.callee.object) for call in calls_in(module.body) if call.receiver}
    assert kinds["catch"] is None
    assert kinds["push"] is None
    assert kinds["shut"] is module.classes[0]


def test_a_class_that_is_built_on_its_own_member_has_no_known_base():
    """What the question asks again while it is answered is not known: it ends, and with no answer."""
    text = (
        "class Shelf:\n    def open(self):\n        class Inner(self.kind):\n            pass\n        return Inner()\n"
    )
    module = project({"shelf.py": text}).module("shelf.py")
    assert module is not None
    inner = next(cls for cls in module.classes if cls.name == "Inner")
    assert lineage(inner) == [inner]
