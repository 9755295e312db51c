"""Helpers of the subject that remember what a function answers, under the key that another function makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.flow import conditions, returns_of
from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import Assign, Call, Expr, Function, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def through(module: Module, call: Call) -> tuple[Expr, Function] | None:
    """Return the key and the function whose answer the subject keeps under it: ``take(key, make)``.

    What is called may be a method, a function beside the table, or one that was made together with the table.
    """
    given = [inner for arg in call.args if isinstance(inner := strip(arg), Function)]
    target = run_by(module, call) if given and len(call.args) > 1 else None
    kept = _keeping(target.module).get(target.start) if target is not None else None
    if kept is None:
        return None
    key, make = call.arg(kept[0]), call.arg(kept[1])
    made = strip(make) if make is not None else None
    return (key, made) if key is not None and isinstance(made, Function) else None


def run_by(module: Module, call: Call) -> Function | None:
    """Return the function that a call runs, also where another function made it: ``const recall = memory(500)``."""
    found = callee(module, call)
    if found is not None:
        return found
    called = strip(call.callee)
    maker = module.scopes.origin(call.receiver if call.receiver is not None else called)
    factory = callee(module, maker) if isinstance(maker, Call) and not maker.new else None
    for answer in returns_of(factory) if factory is not None else ():
        made = factory.module.scopes.origin(answer.value) if factory is not None and answer.value is not None else None
        if isinstance(made, Object) and isinstance(called, Member):
            held = made.get(called.name)
            made = factory.module.scopes.origin(held) if factory is not None and held is not None else None
        inner = definition(factory.module, made) if factory is not None and isinstance(made, Name) else made
        if isinstance(inner, Function):
            return inner
    return None


def _keeping(module: Module) -> dict[int, tuple[int, int]]:
    """Return, of functions that keep what they are given to make, the places of the key and of the maker."""
    return module.once("patterns.through", lambda: dict(_keeping_functions(module)))


def _keeping_functions(module: Module) -> Iterator[tuple[int, tuple[int, int]]]:
    for table in tables(module):
        for access in table.of("write") if table.kind == "map" else ():
            function = access.function
            if function is None or access.key is None or access.value is None or not _where_absent(access):
                continue
            names = [param.name for param in function.params]
            keys = [names.index(used.id) for used in _used_in(module, access.key) if used.id in names]
            for used in _used_in(module, access.value) if keys else ():
                if used.id in names and names.index(used.id) not in keys and isinstance(used.parent, Call):
                    yield function.start, (keys[0], names.index(used.id))


def _where_absent(access: Access) -> bool:
    """Tell whether an entry is only made under a condition: where there is none, and not with each call anew."""
    return bool(conditions(access.node)) or (isinstance(access.node, Assign) and access.node.op in ("??=", "||="))


def _used_in(module: Module, value: Expr) -> Iterator[Name]:
    """Yield the names that a value is made of, or whatever is assigned to a name in it: ``{ answer, until }``."""
    for name in find(value, Name):
        yield name
        for one in module.scopes.lookup(name.id, name):
            if isinstance(one, Assign) and one.value is not None:
                yield from find(one.value, Name)


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
