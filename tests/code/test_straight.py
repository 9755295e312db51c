"""Statements that say the same are one tree: conditions with a name, questions of their own, branches turned about."""

from __future__ import annotations

import pytest

from reviewer.code.flow import conditions
from reviewer.code.module import Module
from reviewer.code.syntax import Call, Function, If, Node


def tree(path: str, text: str) -> str:
    """Spell the kinds of nodes of a function's body, with the names in them."""
    made = Module(path, text.encode())
    function = next(one for one in made.all(Function) if one.name == "f")
    return " ".join(f"({_spelled(one)})" for one in function.body)


def _spelled(node: Node) -> str:
    said = next((str(getattr(node, key)) for key in ("id", "name", "op", "kind") if getattr(node, key, "")), "")
    return " ".join([f"{type(node).__name__}:{said}", *(f"({_spelled(child)})" for child in node.children())])


PLAIN = "function f(a) { if (box.has(a)) throw no; put(a); }"


@pytest.mark.parametrize(
    "text",
    [
        "function f(a) { const known = box.has(a); if (known) throw no; put(a); }",
        "function f(a) { const known = () => box.has(a); if (known()) throw no; put(a); }",
        "function f(a) { if (box.has(a)) { throw no; } else { put(a); } }",
        "function f(a) { const known = () => box.has(a); if (known()) { throw no; } else { put(a); } }",
    ],
)
def test_one_meaning_is_one_tree(text):
    assert tree("a.js", text) == tree("a.js", PLAIN)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (
            "def f(a):\n  if m := find(a):\n    use(m)\n  return 1",
            "def f(a):\n  m = find(a)\n  if m:\n    use(m)\n  return 1",
        ),
        ("def f(a):\n  return b if a else c", "def f(a):\n  if a:\n    return b\n  return c"),
        ("def f(a):\n  if a:\n    x()\n    y()", "def f(a):\n  if not a:\n    return\n  x()\n  y()"),
        ("def f(a):\n  if a < b:\n    x()", "def f(a):\n  if a >= b:\n    return\n  x()"),
        (
            "def f(a):\n  for b in a:\n    if b:\n      x(b)\n  return 1",
            "def f(a):\n  for b in a:\n    if not b:\n      continue\n    x(b)\n  return 1",
        ),
        (
            "def f(a):\n  def odd():\n    return a % 2\n  if odd():\n    x()\n  return 1",
            "def f(a):\n  if a % 2:\n    x()\n  return 1",
        ),
    ],
)
def test_python_has_the_same_forms(text, same):
    assert tree("a.py", text) == tree("a.py", same)


@pytest.mark.parametrize(
    "text",
    [
        "function f(a) { const known = box.has(a); if (known) throw no; return known; }",
        "function f(a) { const known = box.has(a); change(); if (known) throw no; put(a); }",
        "function f(a) { const found = box.get(a); if (!found) throw no; put(a); }",
        "function f(a) { const known = (b) => box.has(b); if (known(a)) throw no; put(a); }",
    ],
)
def test_a_name_that_says_more_stays(text):
    assert "Assign" in tree("a.js", text)


def test_a_condition_is_known_where_it_was_moved_to_and_its_calls_are_found():
    text = "function f(a) { const open = () => ports.has(a) && !a.shut; if (!open()) return; connect(a); close(a); }"
    module = Module("a.js", text.encode())
    assert [module.text_of(call) for call in module.calls({"has"})] == ["ports.has(a)"]
    call = next(one for one in module.all(Call) if one.name == "connect")
    known = [(module.text_of(one.test), one.holds) for one in conditions(call)]
    assert known == [("ports.has(a) && !a.shut", True), ("ports.has(a)", True), ("a.shut", False)]


def test_functions_in_a_moved_condition_see_the_names_around_it():
    text = "function f(all) { const any = () => all.some((one) => one.on); if (any()) stop(); begin(); }"
    module = Module("a.js", text.encode())
    test = module.all(If)[0].test
    inner = next(one for one in module.all(Function) if one.outer is not None)
    assert isinstance(test, Call)
    assert inner.outer is not None
    assert inner.outer.name == "f"
