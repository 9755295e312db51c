"""Which members of the entries of a table are functions that somebody handed in: ``{ unit, receiver }``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.records import given_fields
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.paths import last_name
from reviewer.experts.registry.nested import nested_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Table

_LOADS: Final = frozenset({"module_from_spec", "import_module"})


def handed_in_members(module: Module) -> frozenset[str]:
    """Return the members of entries that are parameters of the functions that enter them; worked out once."""
    return module.once(
        "communication.handed_in_members",
        lambda: frozenset(
            name
            for table in tables(module)
            for given in _given(module, table)
            for entry in _entries(given)
            for name, value in _members(module, entry)
            if _is_parameter(module, strip(value)) or _is_of_loaded(module, strip(value)) or _is_around(module, value)
        ),
    )


def _given(module: Module, table: Table) -> Iterator[Expr]:
    """Yield what is put into a table, and into the lists that it holds under its keys."""
    for access in table.of("write"):
        if access.value is not None:
            yield access.value
    for call, _function in nested_calls(module, table, "append", "add", "push"):
        yield from call.args
    for assign in module.all(Assign) if table.kind == "list" else ():
        if last_name(assign.target) != table.name or assign.value is None:
            continue
        longer = strip(assign.value)
        if isinstance(longer, Array) and _lengthened(longer):
            yield longer  # seats = [...seats, seat]
        elif isinstance(longer, Call) and longer.name == "concat" and last_name(longer.receiver) == table.name:
            yield from longer.args


def _lengthened(value: Array) -> bool:
    return len(value.items) > 1 and any(isinstance(item, Spread) for item in value.items)


def keeps_observers(module: Module, table: Table) -> bool:
    """Tell whether a table by its name holds those who are told, and keeps them as they are handed in."""
    said = words(table.name)
    return (
        bool(said)
        and said[-1] in HANDLERS
        and any(
            access.value is not None and any(_is_parameter(module, entry) for entry in _entries(access.value))
            for access in table.of("write")
        )
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


def _members(module: Module, entry: Expr) -> Iterator[tuple[str, Expr]]:
    made = module.scopes.origin(entry)
    if isinstance(made, Object):
        yield from ((str(key.value), value) for key, value in made.entries if isinstance(key, Literal))
    elif isinstance(made, Call):
        yield from given_fields(module, made)


def _is_parameter(module: Module, value: Expr) -> bool:
    """Tell whether a value is what a function was handed, as it came or bound: ``hear.bind(undefined)``."""
    if isinstance(value, Call) and value.name == "bind" and value.receiver is not None:
        value = strip(value.receiver)
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param)


def _is_around(module: Module, value: Expr) -> bool:
    """Tell whether a value is a function made around one that was handed in, which it calls itself."""
    name = strip(value)
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    made = bound[0] if len(bound) == 1 else name
    if isinstance(made, Assign) and made.value is not None:
        made = strip(made.value)
    if not isinstance(made, Function) or made.outer is None:
        return False
    handed = {param.name for param in made.outer.params}
    return any(isinstance(one := strip(call.callee), Name) and one.id in handed for call in calls_in(made.body))


def _is_of_loaded(module: Module, value: Expr) -> bool:
    """Tell whether a value is a member of a module that the host has loaded by its name: ``module.answer``."""
    loaded = module.scopes.origin(value.object) if isinstance(value, Member) else None
    return isinstance(loaded, Call) and loaded.name in _LOADS


def kept_as_they_come(module: Module, table: Table) -> bool:
    """Tell whether a table keeps, under each key, what functions are handed: ``hearers[subject].append(hearer)``."""
    return any(
        _is_parameter(module, strip(given))
        for call, _function in nested_calls(module, table, "append", "add", "push")
        for given in call.args
    ) or any(
        isinstance(assign.target, Index)
        and assign.value is not None
        and _is_held_by(table, assign.target.object)
        and _is_parameter(module, strip(assign.value))
        for assign in module.all(Assign)
    )


def _is_held_by(table: Table, inner: Expr) -> bool:
    """Tell whether a map is one of those that a table holds: ``hearers.setdefault(subject, {})[owner] = hearer``."""
    inner = strip(inner)
    holder = inner.object if isinstance(inner, Index) else inner.receiver if isinstance(inner, Call) else None
    taken = isinstance(inner, Index) or (isinstance(inner, Call) and inner.name in ("setdefault", "get"))
    return taken and holder is not None and last_name(holder) == table.name
