"""Assertions whose failure nobody sees: what they throw is caught, comes too late, or they may not be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.code.flow import conditions, enclosing_loop, guarding_try, in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Member,
    Name,
    Node,
    Throw,
    With,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.experts.fundamentals.testing.assertions import Assertion
    from reviewer.experts.fundamentals.testing.cases import Case

CAUGHT: Final = "what it throws is caught right there, and dropped"
_SETTLES: Final = frozenset({"then", "catch", "finally"})
_LATER: Final = frozenset({"setTimeout", "setImmediate", "nextTick", "queueMicrotask", "setInterval"})
_TURNS: Final = ("tick", "advance", "flush", "faketimers", "runall", "runonly", "wait", "sleep")
"""Beginnings and ends of names by which a test lets time pass."""
_PER_ITEM: Final = frozenset({"forEach", "each"})
_ALL: Final = frozenset({"Exception", "BaseException", "AssertionError"})
_SAYS: Final = frozenset({"log", "print", "warn", "error", "info", "debug", "warning", "exception", "String", "str"})


def judged_by_place(made: list[Assertion]) -> list[Assertion]:
    """Return assertions with why they hold, where they may fail and what they throw is caught and dropped."""
    vain = {id(one.at) for one in made if one.why}
    return [replace(one, why=CAUGHT, alone=True) if not one.why and is_caught(one.at, vain) else one for one in made]


def is_caught(node: Node, vain: set[int] | None = None) -> bool:
    """Tell whether an error that a node throws ends in a handler that does nothing, ``vain`` assertions aside."""
    for around in ancestors(node):
        if isinstance(around, Function):
            break
        if isinstance(around, With) and any(_suppresses(value) for value, _target in around.items):
            return True
    around_try = guarding_try(node)
    if around_try is None:
        return False
    first = next((one for one in around_try.handlers if not one.types or _names_all(one.types)), None)
    if first is None or first is not around_try.handlers[0]:
        return False
    if any(True for _ in find(first.body, Throw)) or any(True for _ in find(first.body, Assign)):
        return False
    said = [call for call in find(first.body, Call) if call.name not in _SAYS]
    return all(any(id(one) in (vain or ()) for one in (call, *ancestors(call))) for call in said)


def _suppresses(value: Expr) -> bool:
    return isinstance(value, Call) and value.name == "suppress" and _names_all(value.args)


def _names_all(types: list[Expr]) -> bool:
    return any(last_name(part) in _ALL for one in types for part in (one, *find(one, Name)))


def comes_late(case: Case, made: list[Assertion]) -> Node | None:
    """Return the statement whose callbacks hold all that a test asserts, and that is over before they are."""
    lost: Node | None = None
    for one in made:
        callback = next((a for a in ancestors(one.at) if isinstance(a, Function)), None)
        taker = callback.parent if callback is not None and callback is not case.function else None
        if not isinstance(taker, Call) or callback is None:
            return None
        late = taker.name in _LATER and not _lets_time_pass(case, taker)
        if not late and taker.name not in _SETTLES and not (taker.name in _PER_ITEM and callback.asynchronous):
            return None
        outer: Node = taker
        while isinstance(outer.parent, Call | Member):
            if isinstance(outer.parent, Call) and any(outer is one for one in outer.parent.args):
                return None  # promises.push(…), which somebody else waits for
            outer = outer.parent
        if not isinstance(outer.parent, ExprStatement) or function_of(outer) is not case.function:
            return None
        lost = lost or outer
    return lost


def _lets_time_pass(case: Case, timer: Call) -> bool:
    """Tell whether a test waits for something, or lets the clock of a fake run on, behind a timer."""
    for one in find(case.function.body, Await, into_functions=False):
        if one.raw.start_byte > timer.raw.start_byte:
            return True
    names = (call.name.lower() for call in find(case.function.body, Call) if call.name not in _LATER)
    return any(name.startswith(_TURNS) or name.endswith(_TURNS) for name in names)


def only_where_there(case: Case, made: list[Assertion]) -> str:
    """Return the value without which a test asserts nothing: ``if (panel) assert.equal(panel.text(), "x")``."""
    named = ""
    for one in made:
        if function_of(one.at) is not case.function or in_handler(one.at) or enclosing_loop(one.at):
            return ""
        asked = {
            held
            for known in conditions(one.at)
            if known.holds and not _has_other_way(known.test) and (held := _asked_to_be_there(known.test))
        }
        about = {name.id for name in find(one.at, Name)}
        both = sorted(asked & about & _answered(case))
        if not both:
            return ""
        named = named or both[0]
    return named


def _asked_to_be_there(test: Expr) -> str:
    test = strip(test)
    if isinstance(test, Binary) and test.op == "!=" and is_nothing(test.right):
        test = strip(test.left)
    return test.id if isinstance(test, Name) else ""


def _has_other_way(test: Expr) -> bool:
    """Tell whether something is done where a test does not hold."""
    around = next((one for one in ancestors(test) if isinstance(one, If)), None)
    return around is not None and bool(around.orelse)


def _answered(case: Case) -> set[str]:
    """Return the variables of a test that hold what a call answered."""
    return {
        one.target.id
        for one in find(case.function.body, Assign, into_functions=False)
        if isinstance(one.target, Name) and one.value is not None and isinstance(strip(one.value), Call)
    }


def throws_itself(case: Case) -> bool:
    """Tell whether a test throws by itself, and nothing takes what it throws."""
    return any(not is_caught(one) for one in find(case.function.body, Throw))


def stands_in(case: Case, node: Node) -> bool:
    """Tell whether a node runs with its test: in it, or in a function of it that the test itself calls by its name."""
    around = function_of(node)
    if around is case.function or around is None:
        return True
    called = {call.callee.id for call in find(case.function.body, Call) if isinstance(call.callee, Name)}
    return bool(around.name) and around.outer is case.function and around.name in called


def in_catch(node: Node) -> bool:
    """Tell whether a node stands in what is called where a promise is rejected: ``start().catch((error) => …)``."""
    around = function_of(node)
    taker = around.parent if around is not None else None
    return isinstance(taker, Call) and (
        (taker.name == "catch" and taker.args[:1] == [around]) or (taker.name == "then" and taker.args[1:2] == [around])
    )


def is_missed_elsewhere(node: Node) -> bool:
    """Tell whether a step in front of a ``catch`` fails where nothing was rejected: ``start().then(fail).catch(…)``."""
    around = function_of(node)
    taker = around.parent if around is not None else None
    before = strip(taker.receiver) if isinstance(taker, Call) and taker.receiver is not None else None
    if not isinstance(before, Call) or before.name != "then" or not before.args:
        return False
    met: Node = strip(before.args[0])
    if isinstance(met, Name) and around is not None:
        met = definition(around.module, met) or met
    if not isinstance(met, Function):
        return True  # brought from elsewhere: who is only to be rejected is given what protests
    return any(True for _ in find(met.body, Throw)) or any(
        words(call.name)[:1] in (("expect",), ("assert",), ("fail",), ("reject",)) for call in find(met.body, Call)
    )
