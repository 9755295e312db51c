"""SEC491: a check is put around a function, and what goes into the table is the function without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Index,
    Name,
    Node,
    Object,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.deciding.asked_to_refuse import says_refused
from reviewer.experts.security.deciding.decisions import asks_permission, is_check
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DEMANDS: Final = frozenset("require ensure demand assert authorize authorise enforce".split())
"""First words of a function that throws where somebody may not."""
_PUTS: Final = frozenset({"set", "push", "append", "add", "setdefault", "register", "put", "insert", "unshift"})


class _Guarded(Struct, frozen=True):
    """A function that asks before it calls another: where it is made, and what it is called."""

    at: Node
    name: str


@module_check("SEC491", words=TRIGGERS | {"denied", "refused", "lacks", "wraps", "clearance"})
def bare_function_kept(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that makes a guarded one of what it was given for which of the two it keeps."""
    if module.is_test:
        return
    for function in module.functions:
        for bare in _given(function):
            kept = _kept(function, bare)
            if kept is None:
                continue
            guarded = _guarded(module, function, bare)
            if guarded is None or _reaches_table(function, kept, guarded, bare):
                continue
            yield Match(
                kept,
                f"'{bare}' is kept as it was given; the check is put around it in '{guarded.name}', which nobody finds "
                "here: whoever calls it through the table is never asked.",
                related=((guarded.at, "the check stands here"),),
            )
            break


def _given(function: Function) -> Iterator[str]:
    """Yield what a function is given that may be one itself: its parameters, and the variables of its loops."""
    for param in function.params:
        if param.name:
            yield param.name
    for loop in find(function.body, For, into_functions=False):
        if loop.target is not None:
            yield from sorted(names_in(loop.target))


def _kept(function: Function, name: str) -> Node | None:
    """Return the place at which a function puts a value of this name into a table, by itself or in a record."""
    for node in find(function.body, Assign, into_functions=False):
        if isinstance(node.target, Index) and node.value is not None and _holds(node.value, name):
            return node
    for call in calls_in(function.body, into_functions=False):
        if call.name in _PUTS and call.receiver is not None and call.args and _holds(call.args[-1], name):
            return call
    return None


def _holds(value: Expr, name: str) -> bool:
    made = strip(value)
    if isinstance(made, Object):
        return any(_holds(one, name) for _key, one in made.entries)
    if isinstance(made, Array):
        return any(_holds(one, name) for one in made.items)
    return isinstance(made, Name) and made.id == name


def _reaches_table(function: Function, kept: Node, guarded: _Guarded, bare: str) -> bool:
    """Tell whether the guarded function is kept as well, or has taken the name of the other before that is kept."""
    if guarded.name == bare:
        return guarded.at.start < kept.start
    return _kept(function, guarded.name) is not None


def _guarded(module: Module, function: Function, bare: str) -> _Guarded | None:
    """Return the guarded function that is made of one in a function, itself or by another of the subject."""
    for inner in find(function.body, Function):
        if inner.outer is function and _wraps(inner, bare):
            name = _name_of(inner) or inner.name
            return _Guarded(inner, name) if name else None
    for call in calls_in(function.body, into_functions=False):
        name = _name_of(call)
        target = callee(module, call) if name else None
        position = next((n for n, arg in enumerate(call.args) if isinstance(arg, Name) and arg.id == bare), None)
        if target is None or position is None or position >= len(target.params):
            continue
        given = target.params[position].name
        if any(_wraps(one, given) for one in find(target.body, Function) if one.outer is target):
            return _Guarded(call, name)
    return None


def _name_of(made: Expr) -> str:
    """Return the variable that something is put into where it is made."""
    around = made.parent
    return around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else ""


def _wraps(inner: Function, bare: str) -> bool:
    """Tell whether a function calls another, and first refuses whoever may not."""
    work = next((one for one in calls_in(inner.body) if isinstance(one.callee, Name) and one.callee.id == bare), None)
    if work is None:
        return False
    for test in find(inner.body, If, into_functions=False):
        if test.start < work.start and refuses(test.body) and _is_about_rights(inner.module, test):
            return True
    given = {param.name for param in inner.params}
    return any(
        one.start < work.start and (is_check(inner.module, one) or _demands(one, given)) for one in calls_in(inner.body)
    )


def _demands(call: Call, given: set[str]) -> bool:
    """Tell whether a call for its effect demands something of whoever calls: ``clearance.require(ship, needs)``."""
    said = words(call.name)[:1]
    return isinstance(call.parent, ExprStatement) and bool(set(said) & _DEMANDS) and bool(names_in(call.args) & given)


def _is_about_rights(module: Module, test: If) -> bool:
    return asks_permission(module, test.test) or says_refused(test.body)
