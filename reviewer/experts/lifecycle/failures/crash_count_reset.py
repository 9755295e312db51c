"""LIF373: the count of failures goes back to zero with each new try, so that its limit is never reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Switch,
    Try,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, calls_in, class_of, find, inside
from reviewer.experts.assigned import assigns
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.targets import target_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

COUNTS: Final = frozenset(
    "crash crashes failure failures failed restart restarts attempt attempts retry retries tries errors faults strikes "
    "deaths relaunches respawns reconnects fails misses".split()
)
_COMPARES: Final = frozenset({"<", ">", "<=", ">=", "==", "!="})
_FORGIVES: Final = frozenset("reset clear forgive healthy stable success succeeded recovered enable install".split())
"""Words of functions that are there to begin the count anew."""


_AGAIN: Final = frozenset("retry restart respawn again relaunch revive refill reopen reconnect".split())
"""Words of files in which something is begun anew."""
_SAME: Final = frozenset({"===", "!==", "==", "!=", "is", "is not"})
_LISTENS: Final = frozenset("on once addListener addEventListener addEventHandler then add_done_callback".split())


@module_check("LIF373", words=COUNTS | _AGAIN)
def crash_count_reset(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each count that is raised where something fails for a way back to zero on the way to the next try."""
    if module.is_test:
        return
    writes = [(name, assign) for assign in module.all(Assign) for name in [_counter(module, assign.target)] if name]
    raises: list[tuple[str, Assign | Unary]] = [(name, assign) for name, assign in writes if _raises(assign, name)]
    raises += [
        (name, step)
        for step in module.all(Unary)
        for name in [_counter(module, step.operand)]
        if name and step.op == "++"
    ]
    for name, zero in writes:
        function = outermost(zero)
        if function is None or not assigns(zero, 0) or not _limited(module, name):
            continue
        raised = next((one for other, one in raises if other == name and _set_back_behind(module, one, zero)), None)
        raised = raised or next((one for other, one in raises if other == name and _fails_behind(zero, one)), None)
        if raised is None and _set_apart(zero, function):
            continue
        raised = raised or next(
            (
                assign
                for other, assign in raises
                if other == name and class_of(assign) is class_of(zero) and _leads(outermost(assign), function)
            ),
            None,
        )
        if raised is not None:
            yield Match(
                zero,
                f"'{function.name}' sets '{module.text_of(zero.target)}' back to zero at each new try, before it is "
                "known whether this one lasts: the limit is never reached, and what crashes is restarted for ever.",
                related=((raised, "raised here"),),
            )


def _counter(module: Module, target: Expr) -> str:
    """Return the name of a count in a field or a table: ``seat.crashes``, ``this.attempts``, ``failures[id]``.

    Whatever it is called, a member is one that is held against a constant.
    """
    target = strip(target)
    if isinstance(target, Index):
        target = strip(target.object)
        name = target.id if isinstance(target, Name) else target.name if isinstance(target, Member) else ""
    else:
        name = target.name if isinstance(target, Member) else ""
    if name and (not COUNTS.isdisjoint(words(name)) or name in module.once("LIF373.held", lambda: _held(module))):
        return name
    return ""


def _held(module: Module) -> frozenset[str]:
    """Return the members that are more than a number or a constant in some comparison."""
    return frozenset(
        side.name
        for test in module.all(Binary)
        if test.op in (">", ">=", "<", "<=")
        for one, other in ((test.left, test.right), (test.right, test.left))
        if isinstance(side := _stepped(one), Member) and _is_constant(other)
    )


def _is_constant(expr: Expr) -> bool:
    expr = strip(expr)
    name = expr.id if isinstance(expr, Name) else expr.name if isinstance(expr, Member) else ""
    return name.isupper() or (isinstance(expr, Literal) and isinstance(expr.value, int) and expr.value > 1)


def _raises(assign: Assign, name: str) -> bool:
    """Tell whether a count is raised: ``x.crashes += 1``, ``x.crashes = x.crashes + 1``."""
    if assign.op == "+=":
        return True
    value = strip(assign.value) if assign.value is not None else None
    return isinstance(value, Binary) and value.op == "+" and any(m.name == name for m in find(value, Member))


def _stepped(side: Expr) -> Expr:
    """Return what is raised in the very comparison: ``this.restarts`` of ``++this.restarts > 5``."""
    side = strip(side)
    return side.operand if isinstance(side, Unary) and side.op == "++" else side


def _limited(module: Module, name: str) -> bool:
    """Tell whether the count is compared with something anywhere."""
    return any(
        test.op in _COMPARES and any(_counter(module, _stepped(side)) == name for side in (test.left, test.right))
        for test in module.all(Binary)
    )


def _set_apart(zero: Assign, function: Function) -> bool:
    """Tell whether the count is set back for a reason: by a function for it, on a condition, or later."""
    if not _FORGIVES.isdisjoint(words(function.name)) or function.kind == "constructor" or function.name == "__init__":
        return True
    return _on_condition(zero, function) or zero.function is not function


def _set_back_behind(module: Module, raised: Assign | Unary, zero: Assign) -> bool:
    """Tell whether the function that has just counted a failure forgets it once the new start has gone well.

    ``seat.crashes += 1; if (seat.crashes > MOST) return; await seat.start(); seat.crashes = 0;``
    """
    function = outermost(zero)
    if function is None or outermost(raised) is not function or not behind(zero, raised):
        return False
    callback = zero.function
    then = callback.parent if isinstance(callback, Function) and callback is not function else None
    later = isinstance(then, Call) and then.name == "then"
    if not later and (callback is not function or not any(behind(node, raised) for node in _waits_before(zero))):
        return False
    counter = _counter(module, raised.target if isinstance(raised, Assign) else raised.operand)
    asked = [one.test for place in ((zero, callback) if later and callback else (zero,)) for one in conditions(place)]
    tests = [test for test in asked if behind(test, raised)]
    return all(any(_counter(module, part) == counter for part in find(test, Expr)) for test in tests)


def _fails_behind(zero: Assign, raised: Assign | Unary) -> bool:
    """Tell whether a function forgets a count and then makes the one try at whose failure it raises it.

    ``seat.faults = 0; try: seat.open() except: seat.faults += 1``
    """
    function = outermost(zero)
    if function is None or outermost(raised) is not function or not _FORGIVES.isdisjoint(words(function.name)):
        return False
    if zero.function is not raised.function or not behind(raised, zero):
        return False
    if any(isinstance(around, If) and inside(around, function) for around in ancestors(zero)):
        return False
    inner: Node = raised
    caught = False
    for around in ancestors(raised):
        if isinstance(around, Function):
            break
        if isinstance(around, For | While) and not inside(zero, around):
            return False  # many tries, counted together
        if isinstance(around, Try) and any(inside(inner, one) for one in around.handlers):
            caught = not inside(zero, around)
        inner = around
    return caught


def _waits_before(zero: Assign) -> list[Await]:
    return [node for node in before(zero) if isinstance(node, Await)]


def _on_condition(zero: Assign, function: Function) -> bool:
    """Tell whether a count is set back in a case of its own; that it is still wanted after a wait is none."""
    if any(isinstance(around, Switch) and inside(around, function) for around in ancestors(zero)):
        return True
    tests = [one.test for one in conditions(zero) if inside(one.test, function)]
    return any(not (_waited(zero) and isinstance(test, Binary) and test.op in _SAME) for test in tests)


def _waited(zero: Assign) -> bool:
    """Tell whether a count is set back when a start has gone well."""
    return bool(_waits_before(zero))


def _hears(function: Function, crash: Function | None) -> bool:
    """Tell whether a function that begins something listens for its end, at which the count is raised.

    What has come up and ends a moment later then never gets beyond the first.
    """
    for call in calls_in(function.body):
        heard = target_function(function.module, call.args[-1]) if call.name in _LISTENS and call.args else None
        if heard is not None and crash is not None and (heard is crash or crash in with_helpers(heard)):
            return True
    return False


def _leads(crash: Function | None, function: Function) -> bool:
    """Tell whether a function that counts a failure goes on to a function, itself or by a timer."""
    if crash is None or crash is function:
        return False
    if function in with_helpers(crash):
        return True
    return any(target_function(crash.module, arg) is function for call in calls_in(crash.body) for arg in call.args)
