"""Whether a host keeps things of an interface that others made, each under a key of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition, named_type
from reviewer.code.reach.made import values_of
from reviewer.code.reach.records import given_fields, record_class
from reviewer.code.syntax import Call, Class, Expr, Name, Object, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.lifecycle.values import member_type, value_class
from reviewer.experts.lifecycle.vocabulary import NOT_PLUGINS

if TYPE_CHECKING:
    from reviewer.code.module import Module


def keeps_strangers(module: Module, cls: Class) -> bool:
    """Tell whether a table of a module holds instances of an interface, alone or in records, that it didn't make.

    A file, a connection and a lock are of no stranger, by the name of their kind.
    """
    if not NOT_PLUGINS.isdisjoint(words(cls.name)):
        return False
    return any(
        access.key is not None and access.value is not None and _holds(module, access.value, cls)
        for table in tables(module)
        for access in table.of("write")
    )


def _holds(module: Module, value: Expr, cls: Class) -> bool:
    value = strip(value)
    record = module.scopes.origin(value)
    parts = [value]
    if isinstance(record, Object | Call):
        parts += find(record, Name)
    if isinstance(record, Call) and any(_of_kind(module, record, name, cls, at) for name, at in _given(module, record)):
        return True
    return any(value_class(module, part) is cls and not _made_here(module, part) for part in parts)


def _given(module: Module, record: Call) -> list[tuple[str, Expr]]:
    return [(name, at) for name, at in given_fields(module, record) if isinstance(at, Name)]


def _of_kind(module: Module, record: Call, name: str, cls: Class, at: Expr) -> bool:
    """Tell whether a field of a record is declared as an instance of an interface: ``gauge: Gauge``."""
    owner = record_class(module, record)
    declared = member_type(owner, name) if owner is not None else ""
    of_kind = bool(declared) and owner is not None and named_type(owner.module, declared) is cls
    return of_kind and not _made_here(module, at)


def _made_here(module: Module, value: Expr) -> bool:
    """Tell whether the subject itself makes a value, of a class that it names."""
    return any(
        isinstance(made, Call) and isinstance(definition(where, made.callee), Class)
        for where, made in values_of(module, value)
    )
