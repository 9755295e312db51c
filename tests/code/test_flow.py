"""What holds, what ran before, what runs after, and what becomes of a value."""

from __future__ import annotations

import pytest

from reviewer.code.flow import after, before, conditions, exits, falls_off, guarding_try, use_of
from reviewer.code.module import Module
from reviewer.code.syntax import Call
from reviewer.code.walk import calls_in


def marked(source: str, path: str = "a.ts") -> tuple[Module, Call]:
    """Return the module and its call of ``here``."""
    module = Module(path, source.encode())
    return module, next(call for call in calls_in(module.body) if call.name == "here")


@pytest.mark.parametrize(
    ("source", "known"),
    [
        ("function f() { if (a) { here() } }", [("a", True)]),
        ("function f() { if (a) {} else { here() } }", [("a", False)]),
        ("function f() { if (!a) return; here() }", [("a", True)]),
        ("function f() { if (a || b) throw x; here() }", [("a || b", False), ("a", False), ("b", False)]),
        ("function f() { a && here() }", [("a", True)]),
        ("function f() { return a ? b : here() }", [("a", False)]),
        ("function f() { if (a) { log() } here() }", []),
        ("function f() { if (a && b) here() }", [("a && b", True), ("a", True), ("b", True)]),
        ("function f() { if (a) { return } else { g() } here() }", [("a", False)]),
        ("if (a) { const f = () => here() }", []),
    ],
)
def test_conditions_are_what_must_hold(source, known):
    module, call = marked(source)
    assert [(module.text_of(c.test), c.holds) for c in conditions(call)] == known


def names(nodes) -> list[str]:
    return [node.name for node in nodes if isinstance(node, Call)]


def test_before_lists_only_what_surely_ran():
    _, call = marked("function f() { a(); if (b()) { c() } try { d() } finally { e() } if (x) { y(); here(g()) } }")
    assert set(names(before(call))) == {"a", "b", "d", "e", "y"}


def test_after_lists_the_rest_and_the_finally():
    _, call = marked("function f() { a(); try { here(); b() } catch { c() } finally { d() } if (e) { g() } }")
    assert set(names(after(call))) == {"b", "c", "d", "g"}


@pytest.mark.parametrize(
    ("source", "later"),
    [
        ("function f() { if (a) { here(); return } b() }", set()),
        ("function f() { if (a) { here(); c(); throw x } b() }", {"c"}),
        ("function f() { for (const x of y) { here(); return } b() }", set()),
        ("function f() { try { if (a) { here(); throw x } } catch { b() } c() }", {"b", "c"}),
        ("function f() { try { if (a) { here(); return } d() } finally { b() } c() }", {"b"}),
        ("function f() { if (a) { here(); if (x) return } b() }", {"b"}),
    ],
)
def test_nothing_runs_after_control_has_left(source, later):
    _, call = marked(source)
    assert set(names(after(call))) == later


def test_a_loop_runs_its_body_again():
    _, call = marked("def f():\n    for x in y:\n        a(x)\n        here()\n", "a.py")
    assert "a" in names(after(call))


@pytest.mark.parametrize(
    ("source", "how", "awaited"),
    [
        ("here();", "dropped", False),
        ("async function f() { await here(); }", "dropped", True),
        ("const x = here();", "assigned", False),
        ("function f() { return here()! }", "returned", False),
        ("g(here());", "argument", False),
        ("here().then(x);", "receiver", False),
        ("if (here()) {}", "tested", False),
        ("a && here();", "dropped", False),
        ("void here();", "dropped", False),
        ("for (const x of here()) {}", "iterated", False),
        ("if (!(await here())) {}", "tested", True),
    ],
)
def test_the_use_of_a_value_is_told(source, how, awaited):
    _, call = marked(source)
    use = use_of(call)
    assert (use.how, use.awaited) == (how, awaited)


@pytest.mark.parametrize(
    ("body", "ends"),
    [
        ("return 1;", True),
        ("if (a) return; else throw b;", True),
        ("if (a) return;", False),
        ("try { return a } catch { throw b }", True),
        ("try { return a } catch { log() }", False),
        ("switch (a) { case 1: return; default: throw b }", True),
        ("while (a) { return }", False),
        ("abort(404);", True),
        ("abort(reason);", False),
        ("controller.abort();", False),
    ],
)
def test_exits_are_told_from_ways_through(body, ends):
    function = Module("a.js", f"function f() {{ {body} }}".encode()).functions[0]
    assert exits(function.body) is ends
    assert falls_off(function) is not ends


def test_the_try_around_a_call_is_the_one_that_would_catch():
    _, call = marked("try { x() } catch { here() }")
    assert guarding_try(call) is None
    _, call = marked("try { if (a) { here() } } catch { x() }")
    assert guarding_try(call) is not None
