"""Locks that a class holds in its fields, or a file in its variables: what runs while one is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, Name, Node, With
from reviewer.code.walk import ancestors, calls_in, function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table

_LOCKS: Final = frozenset({"Lock", "RLock"})


def locks_of(module: Module, cls: Class) -> set[str]:
    """Return the fields of a class that hold a lock."""
    found = {
        name
        for name, assigns in module.scopes.fields(cls).items()
        if any(isinstance(a.value, Call) and a.value.name in _LOCKS for a in assigns)
    }
    return found | {field.name for field in cls.fields if field.type.rsplit(".", 1)[-1] in _LOCKS}


def locks_beside(module: Module, table: Table) -> set[str]:
    """Return the locks that stand where a collection does: fields of its class, or variables beside it."""
    if table.owner is not None:
        return locks_of(module, table.owner)
    return {
        name
        for name, bound in module.scopes.table(table.scope).items()
        if any(isinstance(a, Assign) and isinstance(a.value, Call) and a.value.name in _LOCKS for a in bound)
    }


def of_the_loop(module: Module, table: Table, locks: set[str]) -> bool:
    """Tell whether the locks beside a collection keep tasks of one event loop apart, and no threads."""
    cls = table.owner
    given: list[object] = []
    for name in locks:
        if cls is not None:
            given += module.scopes.field_values(cls, name)
        else:
            given += [one.value for one in module.scopes.table(table.scope)[name] if isinstance(one, Assign)]
    made = [module.resolve(value.callee) for value in given if isinstance(value, Call)]
    said = [field.type for field in cls.fields if field.name in locks] if cls is not None else []
    return any("asyncio" in one or "anyio" in one for one in (*made, *said))


def _is_one_of(value: Expr | None, locks: set[str]) -> bool:
    """Tell whether an expression is one of these locks: a field of the object, or a variable."""
    return (is_this_member(value) and value.name in locks) or (isinstance(value, Name) and value.id in locks)


def holds(node: Node, locks: set[str]) -> bool:
    """Tell whether a node stands in a block that holds one of these locks."""
    return any(
        isinstance(around, With) and any(_is_one_of(value, locks) for value, _ in around.items)
        for around in ancestors(node)
    )


def takes(function: Function, locks: set[str]) -> bool:
    """Tell whether a function takes a lock by ``acquire()``, and lets it go by itself."""
    return any(call.name == "acquire" and _is_one_of(call.receiver, locks) for call in calls_in(function.body))


def under(cls: Class | None, function: Function, locks: set[str], depth: int = 3) -> bool:
    """Tell whether a helper is only called while a lock is held, also by helpers of which this holds.

    It is one of a class, or, without one, a function of the file.
    """
    calls = list(_calls_of(cls, function))
    return bool(calls) and all(
        holds(call, locks)
        or (
            depth > 0
            and (by := function_of(call)) is not None
            and by is not function
            and under(cls, by, locks, depth - 1)
        )
        for call in calls
    )


def _calls_of(cls: Class | None, function: Function) -> Iterator[Call]:
    if cls is None:
        yield from (one for one in function.module.calls((function.name,)) if isinstance(one.callee, Name))
        return
    for method in cls.methods:
        for call in calls_in(method.body):
            if is_this_member(call.callee) and call.callee.name == function.name:
                yield call
