"""LIF029: what would take a plugin's functions out of a table is there, and the end of the plugin never calls it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Call, Member, Name
from reviewer.code.walk import function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.lifecycle.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.owner_tables import RELEASES, kept_with, releases_one, tables_beside, taken_out
from reviewer.experts.lifecycle.unloading import span, unloads
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Table
    from reviewer.core.location import Location


class _Unused(Struct, frozen=True):
    """A release that nobody calls: its name, that of the function which fills the table, the table, and where it is."""

    name: str
    fills: str
    table: str
    at: Location


@module_check("LIF029", words=HOOK_WORDS)
def release_never_called(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the ends of plugins in a file that hands them what fills such a table."""
    if module.is_test:
        return
    for unload in unloads(inquiry, module):
        for unused in _unused(inquiry):
            if not any(call.name == unused.fills for call in module.calls((unused.fills,))):
                continue
            steps = unload.steps
            yield Match(
                span(module, steps[0], steps[-1]),
                f"'{unload.function.name}' ends the plugin, and what it gave by '{unused.fills}' stays in "
                f"'{unused.table}': '{unused.name}' would take it out, and nobody calls that.",
                related=((unused.at, "never called"),),
            )
            break


def _unused(inquiry: Inquiry) -> tuple[_Unused, ...]:
    kept = inquiry.memory.get("lifecycle.unused_releases")
    if not isinstance(kept, tuple):
        kept = inquiry.memory["lifecycle.unused_releases"] = tuple(_find(inquiry))
    return kept


def _find(inquiry: Inquiry) -> Iterator[_Unused]:
    for module in inquiry.project.modules(naming=RELEASES, tests=False):
        called = {id(found.source.table) for found in invocations(inquiry, module) if found.source.table is not None}
        for function in module.functions:
            if not releases_one(function) or _is_called(inquiry, function):
                continue
            owner = function.params[0].name
            for table in tables_beside(module, function) if owner else ():
                if next(taken_out(function, table, owner), None) is None:
                    continue
                fills = _filler(module, table, owner, id(table) in called)
                if fills:
                    yield _Unused(function.name, fills, table.name, locate(module, function))
                    break


def _filler(module: Module, table: Table, owner: str, called: bool) -> str:
    """Return the name of the function that enters something with its owner and gives nothing to take it out by."""
    entered = kept_with(module, table, owner, called)
    function = function_of(entered) if entered is not None else None
    while function is not None and not function.name:
        function = function.outer
    if function is None or any(answer.value is not None for answer in returns_of(function)):
        return ""
    return function.name


def _is_called(inquiry: Inquiry, function: Function) -> bool:
    """Tell whether anything in the subject calls a function of this name, or hands it on."""
    return any(
        any(member.name == function.name and function_of(member) is not function for member in module.all(Member))
        or any(name.id == function.name and isinstance(name.parent, Call) for name in module.all(Name))
        for module in inquiry.project.modules(naming={function.name}, tests=False)
    )
