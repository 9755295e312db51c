"""REG005: tables that one record holds are written one after the other, and the second may refuse the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, guarding_try, in_handler
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Delete,
    Function,
    Index,
    Member,
    Name,
    Param,
    Throw,
    Unary,
    strip,
)
from reviewer.code.walk import behind, calls_in, find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_WRITES: Final = {"set": 2, "add": 1, "push": 1, "append": 1}
_ASKS: Final = frozenset({"has", "get", "includes"})
_UNDOES: Final = frozenset({"delete", "pop", "remove", "discard", "clear", "unregister", "rollback", "undo"})
_GIVES: Final = frozenset({"get", "setdefault"})
_MOST_STEPS: Final = 6


@module_check("REG005", words=_ASKS | {"in"})
def half_in_record(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that are handed the tables of a registry in one record: ``enroll(catalog, descriptor)``."""
    if module.is_test:
        return
    for thrown in module.all(Throw):
        function = function_of(thrown)
        if function is None or guarding_try(thrown) is not None or in_handler(thrown) is not None:
            continue
        asked = set(_asked(module, thrown, function))
        if not asked:
            continue
        for at, slot in _written(module, function):
            # what is refused for one table, after another one of the same record has the entry
            beside = slot not in asked and any(one[0] == slot[0] for one in asked)
            if beside and behind(thrown, at) and not _taken_back(function, at):
                yield Match(
                    at,
                    f"'{function.name or 'this function'}' writes '{slot[1]}' first, and the error thrown on line "
                    f"{thrown.line} then leaves the entry in it although the registration failed.",
                    related=((thrown, "here the registration can still fail"),),
                    confidence=Confidence.LIKELY,
                )
                break


def _asked(module: Module, thrown: Throw, function: Function) -> Iterator[tuple[str, str]]:
    """Yield the tables that have an entry already where an error is thrown."""
    for condition in conditions(thrown):
        if not condition.holds:
            continue
        for node in walk(condition.test):
            origin = module.scopes.origin(node) if isinstance(node, Name) else node
            slot = None
            if isinstance(origin, Call) and origin.name in _ASKS and origin.receiver is not None:
                slot = _slot(module, origin.receiver, function)
            elif isinstance(origin, Binary) and origin.op == "in":
                slot = _slot(module, origin.right, function)
            if slot is not None:
                yield slot


def _taken_back(function: Function, at: Node) -> bool:
    """Tell whether a function takes something out again after it has written."""
    undone = (one for one in walk(function.body) if isinstance(one, Delete | Call | Unary))
    return any(
        behind(one, at)
        and (
            isinstance(one, Delete)
            or (isinstance(one, Unary) and one.op == "delete")
            or (isinstance(one, Call) and one.name in _UNDOES)
        )
        for one in undone
    )


def _written(module: Module, function: Function) -> Iterator[tuple[Node, tuple[str, str]]]:
    """Yield what a function itself puts into tables of a record."""
    for call in calls_in(function.body, into_functions=False):
        if len(call.args) == _WRITES.get(call.name, -1) and call.receiver is not None and guarding_try(call) is None:
            slot = _slot(module, call.receiver, function)
            if slot is not None:
                yield call, slot
    for assign in find(function.body, Assign, into_functions=False):
        if isinstance(assign.target, Index) and assign.op == "=" and guarding_try(assign) is None:
            slot = _slot(module, assign.target.object, function)
            if slot is not None:
                yield assign, slot


def _slot(module: Module, expr: Expr, function: Function) -> tuple[str, str] | None:
    """Return (record, member) of the table that an expression is, or is an entry of: ``bucket(catalog.byId, id)``."""
    held = strip(expr)
    for _ in range(_MOST_STEPS):
        if isinstance(held, Member):
            record = strip(held.object)
            return (record.id, held.name) if _outlives(module, record, function) and isinstance(record, Name) else None
        if isinstance(held, Name):
            bound = module.scopes.lookup(held.id, held)
            value = bound[0].value if len(bound) == 1 and isinstance(bound[0], Assign) else None
            if value is None:
                return None
            held = strip(value)
        elif isinstance(held, Binary) and held.op in ("??", "or"):
            held = strip(held.left)
        elif isinstance(held, Index):
            held = strip(held.object)
        elif (
            isinstance(held, Call) and not held.new and held.receiver is not None and held.name in ("get", "setdefault")
        ):
            held = strip(held.receiver)
        elif isinstance(held, Call) and not held.new and held.receiver is None and len(held.args) > 1:
            held = strip(held.args[0])
        else:
            return None
    return None


def _outlives(module: Module, record: Expr, function: Function) -> bool:
    """Tell whether a record is handed in, or stands outside of the function, so that it is there after an error."""
    if not isinstance(record, Name) or record.id in ("this", "self"):
        return False
    bound = module.scopes.lookup(record.id, record)
    return bool(bound) and all(
        isinstance(one, Param) or (isinstance(one, Assign) and function_of(one) is not function) for one in bound
    )
