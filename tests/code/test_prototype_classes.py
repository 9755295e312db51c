"""Constructor functions with methods on their prototype are classes."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.reach.links import callee, is_async
from reviewer.code.syntax import Call, Class
from reviewer.code.tables import tables

HEAD = "function Store(file) {\n  this.file = file;\n  this.rows = new Map();\n}\n"
SPELLINGS = (
    "Store.prototype.add = async function (row) { this.rows.set(row.id, row); };\n"
    "Store.prototype.fill = function () { return this.add({}); };\n",
    "Store.prototype = {\n  async add(row) { this.rows.set(row.id, row); },\n"
    "  fill: function () { return this.add({}); },\n};\n",
    "Object.assign(Store.prototype, {\n  async add(row) { this.rows.set(row.id, row); },\n"
    "  fill() { return this.add({}); },\n});\n",
)


@pytest.mark.parametrize("text", SPELLINGS)
def test_methods_on_a_prototype_share_their_this(text: str) -> None:
    module = Module("store.js", (HEAD + text).encode())
    (cls,) = module.classes
    assert [m.name for m in cls.methods] == ["constructor", "add", "fill"]
    (table,) = tables(module)
    assert (table.name, table.owner, [a.how for a in table.accesses]) == ("rows", cls, ["write"])
    call = next(c for c in module.all(Call) if c.name == "add")
    assert callee(module, call) is cls.method("add")
    assert is_async(module, call) is True


def test_a_new_instance_is_of_the_class_and_every_node_comes_once() -> None:
    module = Module("store.js", (HEAD + SPELLINGS[0] + "const own = new Store('a');\nown.fill();\n").encode())
    call = next(c for c in module.all(Call) if c.name == "fill")
    target = callee(module, call)
    assert target is not None
    assert target.name == "fill"
    assert len({id(node) for node in module.all_nodes}) == len(module.all_nodes)


def test_a_base_is_known_and_a_plain_function_stays_one() -> None:
    text = "function plain() {}\nplain.options = {};\n" + HEAD + "util.inherits(Store, Base);\n" + SPELLINGS[0]
    module = Module("store.js", text.encode())
    (cls,) = module.all(Class)
    assert [module.text_of(base) for base in cls.bases] == ["Base"]
    assert [f.kind for f in module.functions] == ["function", "constructor", "method", "method"]
