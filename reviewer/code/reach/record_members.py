"""The record of which a function is a member: an object that is written out, or what Python makes of names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Name, Object, strip
from reviewer.code.walk import uses_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

RECORDS: Final = frozenset({"SimpleNamespace", "Namespace", "dict"})
"""Calls of Python that make an object of the members that they are given by name."""


def record_around(member: Function) -> Object | Call | None:
    """Return the record that a function is written in, or under whose names a function beside it puts it; else None.

    ``{ ring: () => … }``, ``SimpleNamespace(ring=lambda: …)``, ``def ring(): …`` and then ``{"ring": ring}``.
    """
    made = _record_of(member)
    if made is not None or member.owner is not None or member.outer is None or not member.name:
        return made
    if isinstance(member.parent, Call):
        return None
    return next((one for use in uses_of(member.name, member.outer) if (one := _record_of(use)) is not None), None)


def functions_among(module: Module, members: Iterable[tuple[str, Expr]]) -> Iterator[tuple[str, Function]]:
    """Yield the functions among the members of a record, written there or beside it."""
    for name, value in members:
        made = strip(value)
        found = definition(module, made) if isinstance(made, Name) else made
        if isinstance(found, Function) and found.module is module:
            yield name, found


def _record_of(value: Node) -> Object | Call | None:
    around = value.parent
    if isinstance(around, Object):
        return around if any(one is value for _key, one in around.entries) else None
    if isinstance(around, Call) and around.name in RECORDS:
        return around if any(one is value for one in around.keywords.values()) else None
    return None
