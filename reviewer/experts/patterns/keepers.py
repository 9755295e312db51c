"""Helpers of the subject that remember what a function answers, under the key that another function makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.links import callee
from reviewer.code.syntax import Call, Expr, Function, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access


class Keeper(Struct, frozen=True):
    """A function that keeps what ``work`` answers under what ``key`` makes of the same arguments: both are given."""

    function: Function
    work: Param
    key: Param
    kept: Access


def keeper_of(module: Module, call: Call) -> Keeper | None:
    """Return the helper that a call runs, in whatever file it is, or None."""
    target = callee(module, call)
    return keepers(target.module).get(target.start) if target is not None else None


def keepers(module: Module) -> dict[int, Keeper]:
    """Return the helpers of a module by the places where they begin."""
    return module.once("patterns.keepers", lambda: _found(module))


def _found(module: Module) -> dict[int, Keeper]:
    found: dict[int, Keeper] = {}
    for table in tables(module):
        home = table.scope
        for access in table.of("write") if home is not None and table.kind == "map" else ():
            work = _given_function(module, access.value, home)
            key = _given_function(module, access.key, home)
            if home is not None and work is not None and key is not None and work is not key:
                found.setdefault(home.start, Keeper(home, work, key, access))
    return found


def _given_function(module: Module, value: Expr | None, home: Function | None) -> Param | None:
    """Return the parameter of the helper whose answer a value is, or holds: ``{answer, since: now()}``."""
    made = module.scopes.origin(value) if value is not None else None
    parts = [made] if isinstance(made, Expr) else []
    if isinstance(made, Object):
        parts += [one for _key, held in made.entries if isinstance(one := module.scopes.origin(held), Expr)]
    for call in (call for part in parts for call in find(part, Call)):
        called = strip(call.callee)
        bound = module.scopes.lookup(called.id, called) if isinstance(called, Name) else []
        if len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is home:
            return bound[0]
    return None
