"""LIF412: what takes out everything of one owner passes over a table that holds its functions, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.text.words import words
from reviewer.code.walk import function_of, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.guests.owner_tables import (
    RELEASES,
    keeps_undo,
    kept_with,
    names_table,
    releases_one,
    tables_beside,
    taken_out,
)
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Table


@module_check("LIF412", words=RELEASES)
def released_in_part(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the tables that a release by owner empties with those in which functions are kept with their owner."""
    if module.is_test:
        return
    called = {id(found.source.table) for found in invocations(inquiry, module) if found.source.table is not None}
    for function in module.functions:
        if not releases_one(function):
            continue
        owner = function.params[0].name
        beside = tables_beside(module, function)
        if not owner or len(beside) < 2:
            continue
        last = next((node for table in beside for node in taken_out(function, table, owner)), None)
        reached = with_helpers(function)
        for table in beside if last is not None else ():
            if any(names_table(one, table) for one in reached) or _let_go_elsewhere(module, table, function, owner):
                continue
            kept = kept_with(module, table, owner, id(table) in called)
            putting = function_of(kept) if kept is not None else None
            if putting is not None and keeps_undo(putting):
                continue  # and what goes through the undos takes it out
            if kept is not None and last is not None:
                yield Match(
                    locate_bytes(module, function.raw.start_byte, max(last.raw.end_byte, _end(function))),
                    f"'{function.name}' takes out what belongs to one '{owner}', and passes over '{table.name}', which "
                    f"keeps functions of that '{owner}', too: they go on being called.",
                    related=((kept, "kept here with its owner"),),
                )
                break


def _let_go_elsewhere(module: Module, table: Table, function: Function, owner: str) -> bool:
    """Tell whether another function takes out of the table what belongs to one owner, or drops the table as a whole."""
    if table.of("clear") or any(
        access.function is not function and access.key is not None and owner in names_in(access.key)
        for access in table.of("delete")
    ):
        return True
    for other in module.functions:
        if other is function or other.signature_only or not any(param.name == owner for param in other.params):
            continue
        if not RELEASES.isdisjoint(words(other.name)) and names_table(other, table):
            return True
    return False


def _end(function: Function) -> int:
    return function.body[-1].raw.end_byte if function.body else function.raw.end_byte
