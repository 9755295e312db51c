"""What takes the place of a value that is not there, and how the value is called that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import conditions, in_handler, returns_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Field,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of, names_in
from reviewer.experts.paths import last_name, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_MODES: Final = word_set(
    "mode multi single enabled disabled tenancy saas dev debug development testing test demo local"
)
"""Words of switches: what is asked of them is how the host runs, and not whether something is there."""


class Fallback(Struct, frozen=True):
    """``value`` is what stands in where there is nothing; ``names`` are the names of what it stands in for."""

    node: Node
    names: tuple[str, ...]
    value: Expr


def fallbacks(module: Module) -> Iterator[Fallback]:
    """Yield the fallbacks of a module: of operators, look-ups, parameters, fields, variables and early returns."""
    for node in module.some(Binary, Conditional, Call, Assign, Param, Field, Return):
        if isinstance(node, Binary) and node.op in ("??", "or"):
            yield Fallback(node, (_asked(node.left), *_used_as(node)), node.right)
        elif isinstance(node, Conditional):
            yield from _of_conditional(node)
        elif isinstance(node, Call):
            yield from _of_call(node)
        elif isinstance(node, Assign):
            yield from _of_assign(node)
        elif isinstance(node, Param):
            yield from _of_param(node)
        elif isinstance(node, Field) and isinstance(node.parent, Class) and node.value is not None and not node.static:
            yield Fallback(node, (node.name,), node.value)
        elif isinstance(node, Return):
            yield from _of_return(node)


def _asked(left: Expr) -> str:
    """Return what something is asked for by: ``scope.shop``, ``headers["x-shop"]``, ``request.get("shop")``."""
    made = strip(left)
    if isinstance(made, Call):
        at = 1 if made.name == "getattr" else 0
        key = strip(made.args[at]) if len(made.args) > at else None
        if isinstance(key, Literal) and isinstance(key.value, str):
            return key.value
        return last_name(made.receiver) if made.name in ("get", "getStore") and not made.args else made.name
    return last_name(made)


def _used_as(node: Node) -> tuple[str, ...]:
    """Return the names that a value gets: of a variable, a member of a record, an argument, or a function's answer."""
    inner, around = node, node.parent
    while around is not None and isinstance(around, Expr) and strip(around) is node:
        inner, around = around, around.parent
    if isinstance(around, Assign) and around.value is inner:
        return (last_name(around.target),)
    if isinstance(around, Object):
        return tuple(str(key.value) for key, value in around.entries if value is inner and isinstance(key, Literal))
    if isinstance(around, Call):
        return tuple(key for key, value in around.keywords.items() if value is inner)
    function = function_of(node)
    return (function.name,) if isinstance(around, Return) and function is not None else ()


def _of_conditional(node: Conditional) -> Iterator[Fallback]:
    asked = names_in(node.test)
    for value, other in ((node.then, node.other), (node.other, node.then)):
        if names_in(other) & asked and not names_in(value) & asked:
            yield Fallback(node, (_asked(other), *_used_as(node)), value)


def _of_call(call: Call) -> Iterator[Fallback]:
    if call.name in ("ContextVar", "AsyncLocalStorage"):
        default = call.keywords.get("default")
        options = strip(call.args[0]) if call.name == "AsyncLocalStorage" and call.args else None
        default = options.get("defaultValue") if isinstance(options, Object) else default
        first = strip(call.args[0]) if call.args else None
        told = str(first.value) if isinstance(first, Literal) else ""
        if default is not None:
            yield Fallback(call, (told, *_used_as(call)), default)
    elif call.name in ("get", "getattr", "pop"):
        at = 2 if call.name == "getattr" else 1
        default = call.arg(at, "default")
        if default is not None and (call.name == "getattr" or call.receiver is not None):
            yield Fallback(call, (_asked(call), *_used_as(call)), default)


def _of_assign(node: Assign) -> Iterator[Fallback]:
    name = last_name(node.target)
    if node.default is not None:
        yield Fallback(node, (name, last_name(node.value)), node.default)
    if node.value is None:
        return
    late = node.op == "=" and not node.declare and bool(name) and _is_missing(node, {name})
    if late or node.op in ("??=", "||="):
        yield Fallback(node, (name,), node.value)


def _of_param(param: Param) -> Iterator[Fallback]:
    if param.default is not None and param.name:
        yield Fallback(param, (param.name,), param.default)
    for local, value in param.fallbacks.items():
        yield Fallback(value, (local,), value)


def _of_return(node: Return) -> Iterator[Fallback]:
    """What a function answers in place of what it looked for and did not find."""
    function = function_of(node)
    if function is None or node.value is None or not function.name:
        return
    others = [one.value for one in returns_of(function) if one is not node and one.value is not None]
    told = [one for one in others if not isinstance(strip(one), Literal)]
    names = {name for one in told for name in names_in(one)}
    if told and (_is_missing(node, names) or _is_last(function, node, names)):
        yield Fallback(node, (function.name, *map(_asked, told)), node.value)


def _is_missing(node: Node, names: set[str]) -> bool:
    """Tell whether a place is only reached where one of these is not there, or was not found."""
    if in_handler(node) is not None:
        return True
    for condition in conditions(node):
        test = strip(condition.test)
        if not names & names_in(test) or _asks_for_mode(test):
            continue
        absent = isinstance(test, Binary) and test.op in ("==", "!=", "is", "is not")
        if isinstance(test, Binary) and absent and (is_nothing(test.left) or is_nothing(test.right)):
            if (test.op in ("==", "is")) == condition.holds:
                return True
        elif isinstance(test, Name | Member) and not condition.holds:
            return True
    return False


def _is_last(function: Function, node: Return, names: set[str]) -> bool:
    """Tell whether a return ends a function that left before where it found something: ``if (hit) return hit;``."""
    own = function.body[-1:] == [node]
    return own and any(
        not condition.holds
        and isinstance(test := strip(condition.test), Name | Member | Unary)
        and bool(names & names_in(test))
        for condition in conditions(node)
    )


def _asks_for_mode(test: Expr) -> bool:
    return any(_MODES & set(words(name)) for name in (*names_in(test), last_name(test)))


def is_noted(node: Node) -> bool:
    """Tell whether a value only goes into a log, a measurement or an error."""
    return any(isinstance(one, Call) and set(words(one.name)) & _NOTES for one in ancestors(node))


_NOTES: Final = word_set(
    "log debug info warn warning error exception critical trace print child labels inc observe metric metrics"
)
"""Words of calls that tell people of something."""
