"""Whether all that call a function which enters something have seen to it that its key is free."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.call_sites import MOST_CALLERS, callers, is_same
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Binary, Call, Expr, Function, Member, Name, Param, Unary, strip
from reviewer.code.tables import tables
from reviewer.code.walk import function_of
from reviewer.experts.paths import last_name
from reviewer.experts.registry.taken_beside import shows_free

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table

_UNIQUE: Final = frozenset(
    "randomUUID uuid4 uuid1 uuid7 uuid v4 nanoid ulid cuid randomBytes token_hex token_urlsafe Symbol next".split()
)
"""Calls that give another value each time."""


def free_for_callers(module: Module, table: Table, function: Function, key: Expr | None) -> bool:
    """Tell whether every call of a function is made where a table has no entry of the key, or with a key made there."""
    way = _way(module, function, key)
    if way is None or not function.name:
        return False
    place, rest = way
    calls = list(islice(_calls(module, function), MOST_CALLERS + 1))
    return 0 < len(calls) <= MOST_CALLERS and all(
        handed is not None
        and (
            _made(other, handed)
            or _found_free(other, call, other.text_of(handed) + rest)
            or _asked_from_outside(call, table, rest.rpartition(".")[2] or last_name(handed))
        )
        for other, call in calls
        for handed in (call.arg(place, function.params[place].name),)
    )


def _way(module: Module, function: Function, key: Expr | None) -> tuple[int, str] | None:
    """Return which parameter a key is taken of, and the members that lead to it: ``.id`` of ``plugin.id``."""
    expr, rest = strip(key) if key is not None else None, ""
    while isinstance(expr, Member):
        rest = f".{expr.name}{rest}"
        expr = strip(expr.object)
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    for place, param in enumerate(function.params):
        if isinstance(expr, Name) and len(bound) == 1 and bound[0] is param and not param.fields:
            return place, rest
    return None


def _calls(module: Module, function: Function) -> Iterator[tuple[Module, Call]]:
    for other in (module, *islice(callers(module, function.name), MOST_CALLERS + 1)):
        for call in other.calls((function.name,)):
            target = definition(other, call.callee)
            if is_same(target, function) and function_of(call) is not function:
                yield other, call


def _made(module: Module, handed: Expr) -> bool:
    """Tell whether a key is made for this one call: by a counter, or as a value that never comes twice."""
    value = module.scopes.origin(handed)
    if isinstance(value, Param):
        return False
    return (isinstance(value, Call) and value.name in _UNIQUE) or (isinstance(value, Unary) and value.op == "++")


def _asked_from_outside(call: Call, table: Table, key: str) -> bool:
    """Tell whether a call comes about only where the table has no such key: ``if name in board.parts: raise``."""
    for condition in conditions(call):
        test = strip(condition.test)
        if isinstance(test, Binary) and test.op in ("in", "not in"):
            asked, where, free = test.left, test.right, condition.holds is (test.op == "not in")
        elif isinstance(test, Call) and test.name in ("has", "hasOwnProperty") and test.receiver and test.args:
            asked, where, free = test.args[0], test.receiver, not condition.holds
        else:
            continue
        if free and last_name(where) == table.name and last_name(asked) == key != "":
            return True
    return False


def _found_free(module: Module, call: Call, key: str) -> bool:
    """Tell whether a call comes about only where some table has no entry of this key."""
    known = conditions(call)
    return bool(known) and any(
        look.key is not None
        and module.text_of(look.key) == key
        and any(shows_free(module, condition, look) for condition in known)
        for table in tables(module)
        if table.kind in ("map", "set")
        for look in table.of("has", "read")
    )
