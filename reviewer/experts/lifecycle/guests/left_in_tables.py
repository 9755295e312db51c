"""Tables that a plugin fills while it starts, and that a start which fails half-way leaves as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Name, Node, Param
from reviewer.code.tables import Access, Table, tables
from reviewer.code.walk import find
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.bringing.failed_starts import caught
from reviewer.experts.lifecycle.guests.entries import PASSING
from reviewer.experts.lifecycle.guests.reached_tables import reaches
from reviewer.experts.lifecycle.holding.undo_lists import is_undo
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.lifecycle.bringing.unloading import Unload
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_STEPS: Final = 3
_MOST: Final = 20
"""How far, and how broadly, what a plugin is lent is followed back to where it is made."""


class Left(Struct, frozen=True):
    """A table that keeps what a plugin has entered by the time that its start fails, and where it would be emptied."""

    table: Table
    filled: Access
    emptied: Access


def left_in_table(use: HookUse, ends: Sequence[Unload]) -> Left | None:
    """Return a table that a plugin fills while it starts, of which only its end takes that out again."""
    bodies = [body for body in caught(use) if body]
    frame = use.frame
    if frame is None or not bodies:
        return None
    for table in tables(frame.module):
        emptied = next((one for end in ends for one in end.removals if one in table.accesses), None)
        filled = _filled(table, use) if emptied is not None else None
        if emptied is not None and filled is not None and not any(reaches(frame.module, table, one) for one in bodies):
            return Left(table, filled, emptied)
    return None


def _filled(table: Table, use: HookUse) -> Access | None:
    """Return where a plugin enters something by a function that the start lends it."""
    frame = use.frame
    if frame is None or has_word(table.name, PASSING) or is_undo(frame.module, table.name):
        return None
    lent = {id(one) for made in _lent(frame.module, use) for one in with_helpers(made)} - {id(frame)}
    return next((one for one in table.of("write") if one.function is not None and id(one.function) in lent), None)


def _lent(module: Module, use: HookUse) -> Iterator[Function]:
    """Yield the functions in what a start lends the plugin: written there, held in a variable, or made by a helper."""
    edge: list[Node] = [*use.call.args, *use.call.keywords.values()]
    for _ in range(_STEPS):
        further: list[Node] = []
        for node in edge:
            yield from find(node, Function)
            for name in find(node, Name):
                made = module.scopes.origin(name)
                if isinstance(made, Node) and made is not name and not isinstance(made, Param):
                    further.append(made)
            for call in find(node, Call):
                target = definition(module, call.callee)
                if isinstance(target, Function) and target is not use.frame:
                    further += [one.value for one in returns_of(target) if one.value is not None]
        edge = further[:_MOST]
