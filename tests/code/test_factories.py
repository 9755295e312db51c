"""A factory that gives an object of its functions is read as the class that it stands for."""

from reviewer.code.module import Module
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Class, Function, Member
from reviewer.code.walk import walk

SHELF = b"""
export function createShelf(disk, { most }) {
  let used = 0;
  const put = (text) => {
    if (used > most) throw refused();
    used += text.length;
    disk.put(text);
  };
  function count(used) {
    return used;
  }
  function refused() {
    return new RangeError("full");
  }
  return { put, size: count };
}
"""


def test_a_factory_is_a_class_with_its_variables_as_fields():
    module = Module("shelf.js", SHELF)
    shelf = next(node for node in walk(module.body) if isinstance(node, Class))
    assert [method.name for method in shelf.methods] == ["constructor", "put", "size", "refused"]
    assert [method.private for method in shelf.methods[1:]] == [False, False, True]
    assert [field.name for field in shelf.fields] == ["used"]
    put, size = shelf.methods[1:3]
    assert module.text_of(put.body[0]) == "if (used > most) throw refused();"
    members = [node for one in put.body for node in walk(one) if isinstance(node, Member)]
    own = [node.name for node in members if module.text_of(node.object) == "this"]
    assert sorted(own) == ["disk", "most", "refused", "used", "used"]
    assert module.text_of(size.body[0]) == "return used;"


def test_an_object_with_functions_written_in_it_stays_one():
    module = Module(
        "shelf.js", b"function createShelf(disk) {\n  let n = 0;\n  return { put: (t) => disk.put(t, n) };\n}"
    )
    assert isinstance(module.body[0], Function)


def test_a_variable_that_a_factory_gives_out_is_an_open_field():
    module = Module(
        "shelf.ts",
        b"function createShelf() {\n  const rows = new Map<number, string>();\n"
        b"  function put(t) { rows.set(1, t); }\n  return { put, all: rows };\n}",
    )
    shelf = module.body[0]
    assert isinstance(shelf, Class)
    assert [(one.name, one.type, one.private) for one in shelf.fields] == [("all", "Map<number, string>", False)]


def test_a_member_of_a_factory_is_found_from_the_methods_of_an_object_that_it_makes():
    module = Module(
        "desk.js",
        b"function desk(may) {\n  const need = (right) => { if (!may(right)) throw new Error(right); };\n"
        b"  const face = { sow() { need('sow'); return this.reap(); }, reap() { return 1; } };\n"
        b"  const close = () => need('close');\n  return { face, close };\n}",
    )
    found = [callee(module, call) for call in module.calls(("need", "reap"))]
    assert [one.name for one in found if one is not None] == ["need", "reap", "need"]
