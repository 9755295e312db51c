"""Locks that a class holds in its fields: what runs while one is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Function, Node, With
from reviewer.code.walk import ancestors, calls_in, function_of

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LOCKS: Final = frozenset({"Lock", "RLock"})


def locks_of(module: Module, cls: Class) -> set[str]:
    """Return the fields of a class that hold a lock."""
    found = {
        name
        for name, assigns in module.scopes.fields(cls).items()
        if any(isinstance(a.value, Call) and a.value.name in _LOCKS for a in assigns)
    }
    return found | {field.name for field in cls.fields if field.type.rsplit(".", 1)[-1] in _LOCKS}


def of_the_loop(module: Module, cls: Class, locks: set[str]) -> bool:
    """Tell whether the locks keep tasks of one event loop apart, and no threads."""
    made = [
        module.resolve(value.callee)
        for name in locks
        for value in module.scopes.field_values(cls, name)
        if isinstance(value, Call)
    ]
    said = [field.type for field in cls.fields if field.name in locks]
    return any("asyncio" in one or "anyio" in one for one in (*made, *said))


def holds(node: Node, locks: set[str]) -> bool:
    """Tell whether a node stands in a block that holds one of these locks."""
    return any(
        isinstance(around, With) and any(is_this_member(value) and value.name in locks for value, _ in around.items)
        for around in ancestors(node)
    )


def takes(function: Function, locks: set[str]) -> bool:
    """Tell whether a function takes a lock by ``acquire()``, and lets it go by itself."""
    return any(
        call.name == "acquire" and is_this_member(call.receiver) and call.receiver.name in locks
        for call in calls_in(function.body)
    )


def under(cls: Class, function: Function, locks: set[str], depth: int = 3) -> bool:
    """Tell whether a helper of the class is only called while a lock is held, also by helpers of which this holds."""
    calls = [
        call
        for method in cls.methods
        for call in calls_in(method.body)
        if is_this_member(call.callee) and call.callee.name == function.name
    ]
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
