"""Where a value goes on: the names that hold it, and the calls of the functions that answer with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Comprehension,
    Conditional,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Return,
    Spread,
    Template,
)
from reviewer.code.walk import find, function_of, is_assigned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reviewer.code.module import Module

_MOST: Final = 30
"""Places of one value that are looked at."""
_HOLDS: Final = (Object, Array, Spread, Template, Conditional, Cast, Await, Comprehension)
"""Expressions that hold their parts."""


def onward(module: Module, start: Expr, through: Collection[str] = ()) -> Iterator[Expr]:
    """Yield an expression, and each further place of the file where its value, or what holds it, stands.

    ``through`` names calls whose answer still holds what they are given: ``stringify``, ``dict``.
    """
    pending: list[Expr] = [start]
    seen = {id(start)}
    for _ in range(_MOST):
        if not pending:
            return
        place = pending.pop(0)
        yield place
        for other in _further(module, place, through):
            if id(other) not in seen:
                seen.add(id(other))
                pending.append(other)


def _further(module: Module, place: Expr, through: Collection[str]) -> Iterator[Expr]:
    inner: Node = place
    around = place.parent
    while around is not None and _keeps(around, inner, through):
        inner, around = around, around.parent
    if isinstance(around, Assign) and inner is around.value:
        if isinstance(around.target, Name):
            yield from _uses(module, around.target, around)
        elif isinstance(around.target, Index | Member) and isinstance(holder := around.target.object, Name):
            yield from _held(module, holder, around)
    elif isinstance(around, Return):
        function = function_of(around)
        if function is not None and function.name:
            yield from (call for call in module.calls((function.name,)) if _reaches(module, call, function))


def _keeps(around: Node, inner: Node, through: Collection[str]) -> bool:
    """Tell whether an expression holds, or hands through, what stands in it."""
    if isinstance(around, Call):
        return around.name in through and (inner is not around.callee or around.receiver is not None)
    if isinstance(around, Binary):
        return around.op in ("+", "%", "or", "??", "|")
    if isinstance(around, Conditional):
        return inner is not around.test
    return isinstance(around, _HOLDS) or (isinstance(around, Member) and around.name in through)


def _uses(module: Module, name: Name, given: Assign) -> Iterator[Name]:
    """Yield the reads of a variable that is given a value."""
    function = function_of(given)
    body = function.body if function is not None else module.body
    for other in find(body, Name):
        if other.id != name.id or other is name or other.raw.start_byte < given.raw.end_byte or is_assigned(other):
            continue
        if any(one is given for one in module.scopes.lookup(other.id, other)):
            yield other


def _held(module: Module, holder: Name, put: Assign) -> Iterator[Name]:
    """Yield the reads of a record of the function into which a value is put: ``report["env"] = value``."""
    bound = module.scopes.lookup(holder.id, holder)
    given = bound[0] if len(bound) == 1 else None
    if not isinstance(given, Assign) or function_of(given) is not function_of(put):
        return
    yield from (name for name in _uses(module, holder, given) if name.raw.start_byte > put.raw.end_byte)


def _reaches(module: Module, call: Call, function: Function) -> bool:
    return definition(module, call.callee) is function
