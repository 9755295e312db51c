"""Under which name a message is sent, and which names the function that gets it looks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Switch,
    strip,
)
from reviewer.code.walk import find
from reviewer.experts.communication.constants import fixed_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

KEYS: Final = (
    "type", "action", "cmd", "command", "kind", "method", "op", "event", "request", "what", "subject", "message", "msg",
    "name", "id", "msgType", "messageType",
)  # fmt: skip
"""Members of a message that say what it is about, the most usual first."""
KINDS: Final = tuple(key for key in KEYS if key not in ("id", "name", "message", "msg"))
"""Those that hold nothing else than the kind of a message, the most usual first."""
_TELLS: Final = frozenset(KINDS)
_WRAPPERS: Final = frozenset({"data", "detail"})
"""Members of an event that hold the message itself."""
_LOGS: Final = frozenset({"log", "info", "debug", "warn", "error", "trace"})
_DEEPEST: Final = 3


def name_of(module: Module, message: Expr | None) -> tuple[str, str] | None:
    """Return the member that names a message and its fixed text, or None."""
    shape = module.scopes.origin(message) if isinstance(message, Name) else message
    if not isinstance(shape, Object):
        return None
    for key in KEYS:
        value = shape.get(key)
        name = fixed_text(module, value) if value is not None else ""
        if name:
            return key, name
    return None


def says_nothing_of_kind(module: Module, message: Expr | None) -> bool:
    """Tell whether it can't be seen what a message is about: it is no object here, or its kind is put together."""
    shape = module.scopes.origin(message) if isinstance(message, Name) else message
    if not isinstance(shape, Object) or shape.spreads:
        return True
    kinds = [value for key in _TELLS if (value := shape.get(key)) is not None]
    return any(not fixed_text(module, kind) and not isinstance(strip(kind), Name | Member) for kind in kinds)


def compared_texts(module: Module, handler: Function, position: int = 0, depth: int = 0) -> frozenset[str] | None:
    """Return the texts that a listener holds what it gets against; None where it takes anything or hands it on.

    What it hands whole to a function of the subject is looked for there.
    """
    if len(handler.params) <= position or depth > _DEEPEST:
        return None
    names, telling = _names(handler, position)
    found: set[str] = set()
    for value, other in _comparisons(handler):
        text = fixed_text(module, other)
        if _is_of(value, names):
            if text:
                found.add(text)
            elif _tells_kind(value) and not isinstance(strip(other), Literal):
                return None  # held against something that may be any text
    if any(_is_of(index.key, names) for index in find(handler, Index)):
        return None
    for target, at in _handed_on(module, handler, telling):
        inner = compared_texts(target.module, target, at, depth + 1) if target is not None else None
        if inner is None:
            return None
        found |= inner
    return frozenset(found) or None


def kinds_compared(
    module: Module, handler: Function, position: int = 0, depth: int = 0
) -> Iterator[tuple[str, Module, Expr]]:
    """Yield each fixed text that a listener holds the kind of a message against, with its module and place."""
    if len(handler.params) <= position or depth > _DEEPEST:
        return
    _, telling = _names(handler, position)
    for value, other in _comparisons(handler):
        if _is_kind(value, telling) and (text := fixed_text(module, other)):
            yield text, module, other
    for target, at in _handed_on(module, handler, telling):
        if target is not None:
            yield from kinds_compared(target.module, target, at, depth + 1)


def _names(handler: Function, position: int) -> tuple[set[str], set[str]]:
    """Return the variables that hold a message or a part of it, and those that hold all of it or its kind."""
    given = handler.params[position]
    names = {given.name, *given.fields.values()} - {""}
    telling = {given.name, *(local for key, local in given.fields.items() if key in _TELLS)} - {""}
    for assign in find(handler, Assign):  # const { type } = event.data
        target, value = assign.target, strip(assign.value) if assign.value is not None else None
        if isinstance(target, Name) and value is not None and _is_of(value, names):
            names.add(target.id)
            if not isinstance(value, Member) or value.name in _TELLS | _WRAPPERS:
                telling.add(target.id)
    return names, telling


def _comparisons(handler: Function) -> Iterator[tuple[Expr, Expr]]:
    """Yield each value that is compared, with what it is held against."""
    for node in find(handler, Binary):
        if node.op in ("==", "!="):
            yield node.left, node.right
            yield node.right, node.left
    for switch in find(handler, Switch):
        yield from ((switch.subject, test) for case in switch.cases for test in case.tests)


def _is_of(expr: Expr, names: set[str]) -> bool:
    """Tell whether an expression is a message or a member of one."""
    expr = strip(expr)
    while isinstance(expr, Member):
        expr = strip(expr.object)
    return isinstance(expr, Name) and expr.id in names


def _tells_kind(expr: Expr) -> bool:
    expr = strip(expr)
    return isinstance(expr, Member) and expr.name in _TELLS


def _is_kind(expr: Expr, telling: set[str]) -> bool:
    """Tell whether an expression is the kind of a message: ``message.type``, or a variable that was taken out of it."""
    expr = strip(expr)
    while isinstance(expr, Member) and expr.name in _TELLS | _WRAPPERS:
        expr = strip(expr.object)
    return isinstance(expr, Name) and expr.id in telling


def _handed_on(module: Module, handler: Function, telling: set[str]) -> Iterator[tuple[Function | None, int]]:
    """Yield the functions that a listener gives a whole message to, and as which argument."""
    for call in find(handler, Call):
        if call.name in _LOGS:
            continue
        for position, argument in enumerate(call.args):
            if _is_told(argument, telling):
                target = definition(module, call.callee)
                yield target if isinstance(target, Function) else None, position


def _is_told(argument: Expr, telling: set[str]) -> bool:
    """Tell whether a call is given all of a message, or its kind."""
    argument = strip(argument)
    if isinstance(argument, Member) and argument.name in _TELLS | _WRAPPERS:
        argument = strip(argument.object)
    return isinstance(argument, Name) and argument.id in telling
