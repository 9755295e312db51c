"""SEC481: what a guarded function does behind its guard is done by another way in that has no guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits
from reviewer.code.reach.links import callee, definition, lineage
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Class,
    ExprStatement,
    For,
    Function,
    If,
    Member,
    Name,
    Throw,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.asked_to_refuse import says_refused
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.refusing_only import only_refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Statement
    from reviewer.experts.check import Inquiry


@module_check("SEC481")
def past_the_guard(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at methods that take the place of a guarded one, and at functions that use the guarded door for a part."""
    if module.is_test:
        return
    for cls in module.classes:
        yield from _overridden(module, cls)
    for function in module.functions:
        yield from _in_part(module, function)


def _overridden(module: Module, cls: Class) -> Iterator[Match]:
    """Find methods that do what the inherited one does behind its guard, and ask nobody."""
    for method in cls.methods if cls.bases else ():
        if method.signature_only or method.kind != "method":
            continue
        base = next(
            (one for owner in lineage(cls)[1:] for one in owner.methods if one.name == method.name and one.body), None
        )
        guard = _guard_of(base) if base is not None else None
        if base is None or guard is None:
            continue
        done = _own_calls(base, after=guard)
        own = next((call for call in calls_in(method.body) if _own_name(call) in done and call.args), None)
        if own is None or _asks(module, method, base):
            continue
        yield Match(
            own,
            f"'{method.name}' of '{cls.name}' takes the place of the one that asks first, and does the same without: "
            f"whoever comes by '{cls.name}' is never checked.",
            related=((method, "this one is called in place of it"),),
        )


def _guard_of(function: Function) -> Statement | None:
    """Return the statement by which a function refuses before it does its work."""
    for statement in function.body:
        if isinstance(statement, If) and exits(statement.body) and _refuses(function.module, statement):
            return statement
        if isinstance(statement, ExprStatement):
            value = strip(statement.value)
            value = strip(value.value) if isinstance(value, Await) else value
            if isinstance(value, Call) and _is_guard(function.module, value):
                return statement
        if not isinstance(statement, If | ExprStatement) and not _is_made(statement):
            return None
    return None


def _refuses(module: Module, test: If) -> bool:
    asked = any(isinstance(one, Call) and is_check(module, one) for one in walk(test.test))
    thrown = any(isinstance(one, Throw) for one in test.body)
    return (asked and (thrown or says_refused(test.body))) or (thrown and says_refused(test.body))


def _is_guard(module: Module, call: Call) -> bool:
    """Tell whether a call of an own function does nothing but refuse for a reason that is about rights."""
    asked = callee(module, call)
    if asked is None or not only_refuses(asked):
        return False
    return any(_refuses(asked.module, one) for one in find(asked.body, If, into_functions=False))


def _is_made(statement: Statement) -> bool:
    return isinstance(statement, Assign)


def _own_calls(function: Function, *, after: Node) -> set[str]:
    """Return the names of the methods of its own object that a function calls behind a statement."""
    return (
        {_own_name(call) for call in calls_in(function.body) if call.start > after.start and _own_name(call)}
        - {function.name}
        - {_own_name(call) for call in calls_in([after])}
    )


def _own_name(call: Call) -> str:
    """Return the name of a method that is called on ``this``; ``super`` is none."""
    target = strip(call.callee)
    if not isinstance(target, Member):
        return ""
    holder = strip(target.object)
    return target.name if isinstance(holder, Name) and holder.id in ("this", "self") else ""


def _asks(module: Module, method: Function, base: Function) -> bool:
    """Tell whether a method goes through the inherited one, through its guard, or asks by itself."""
    guards = {_own_name(call) or call.name for call in calls_in(base.body) if _is_guard(base.module, call)}
    for call in calls_in(method.body):
        if call.name == base.name or call.name in guards or is_check(module, call) or _is_guard(module, call):
            return True
        target = callee(module, call)
        if target is not None and any(_is_guard(target.module, inner) for inner in calls_in(target.body)):
            return True
    return any(says_refused(test.body) for test in find(method.body, If))


def _in_part(module: Module, function: Function) -> Iterator[Match]:
    """Find loops that do directly what the same function does for another item by way of a guarded function."""
    for loop in find(function.body, For, into_functions=False):
        for work in calls_in(loop.body):
            inner = definition(module, work.callee)
            if not isinstance(inner, Function) or not work.args:
                continue
            door = _door(module, function, loop, inner)
            if door is not None and not any(is_check(module, one) for one in calls_in(loop.body)):
                yield Match(
                    work,
                    f"The first goes through '{short(module.text_of(door.callee))}', which asks whether it may be "
                    f"done; for the others '{inner.name}' is called without asking.",
                    related=((door, "asked here"),),
                )


def _door(module: Module, function: Function, loop: For, inner: Function) -> Call | None:
    """Return a call beside a loop of a function that refuses some, and calls for the rest what the loop calls."""
    for call in calls_in(function.body):
        if any(around is loop for around in ancestors(call)):
            continue
        outer = definition(module, call.callee)
        if not isinstance(outer, Function) or outer is inner or outer is function:
            continue
        guard = _guard_of(outer)
        if guard is not None and any(
            definition(outer.module, one.callee) is inner for one in calls_in(outer.body) if one.start > guard.start
        ):
            return call
    return None
