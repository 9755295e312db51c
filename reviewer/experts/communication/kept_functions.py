"""Which members of the entries of a table are functions that somebody handed in: ``{ unit, receiver }``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.records import given_fields
from reviewer.code.syntax import Array, Call, Name, Object, Param, Spread, strip
from reviewer.experts.registry.nested import nested_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Table


def keeps_handed_in(module: Module, table: Table, name: str) -> bool:
    """Tell whether an entry of a table keeps a parameter of the function that enters it as its member of this name."""
    return any(
        _is_parameter(module, value)
        for access in table.of("write")
        if access.value is not None
        for entry in _entries(access.value)
        for value in _member(module, entry, name)
    )


def _entries(value: Expr) -> Iterator[Expr]:
    """Yield what is entered: the value itself, or what is put behind the others in a new list of them."""
    value = strip(value)
    if not isinstance(value, Array):
        yield value
        return
    for item in value.items:
        if not isinstance(item, Spread):
            yield strip(item)


def _member(module: Module, entry: Expr, name: str) -> Iterator[Expr]:
    made = module.scopes.origin(entry)
    if isinstance(made, Object):
        value = made.get(name)
        if value is not None:
            yield strip(value)
    elif isinstance(made, Call):
        yield from (value for field, value in given_fields(module, made) if field == name)


def _is_parameter(module: Module, value: Expr) -> bool:
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param)


def kept_as_they_come(module: Module, table: Table) -> bool:
    """Tell whether a table keeps, under each key, what functions are handed: ``hearers[subject].append(hearer)``."""
    return any(
        _is_parameter(module, strip(given))
        for call, _function in nested_calls(module, table, "append", "add", "push")
        for given in call.args
    )
