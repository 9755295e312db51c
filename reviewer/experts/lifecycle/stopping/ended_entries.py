"""Functions that take one running thing out of the table of those that run, and end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.contexts import flat
from reviewer.code.flow import enclosing_loop, in_handler
from reviewer.code.syntax import Call, For, Function, Member, Name, Node, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.lifecycle.bringing.dependencies import names_dependencies, outermost
from reviewer.experts.lifecycle.bringing.unloading import STARTING, swaps
from reviewer.experts.lifecycle.vocabulary import STOPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table


class Ended(Struct, frozen=True):
    """A function that ends one entry: ``step`` is the first of what it does to it, the removal or the call."""

    function: Function
    step: Node


def ended_entries(module: Module) -> Iterator[Ended]:
    """Yield the functions that end an entry of a table, which another function fills and knows the dependencies of."""
    for table in tables(module):
        if table.kind != "map" or not _filled_with_needs(module, table):
            continue
        for access in table.of("delete"):
            function = outermost(access.node)
            if function is None or access.key is None or enclosing_loop(access.node) is not None:
                continue
            given = {param.name for param in function.params}
            other_work = swaps(function.name) or not STARTING.isdisjoint(words(function.name)[:1])
            if other_work or in_handler(access.node) is not None or not names_in(access.key) & given:
                continue
            ending = _ending(module, table, function)
            if ending is not None:
                yield Ended(function, min(access.node, ending, key=lambda node: node.start))


def _filled_with_needs(module: Module, table: Table) -> bool:
    """Tell whether a function that enters something brings what that needs there first: it has to be running, too."""
    for access in table.of("write"):
        function = access.function
        for loop in find(function.body, For) if function is not None else ():
            if loop.iterable is None or not names_dependencies(module, loop.iterable) or function is None:
                continue
            if any(call.name == function.name for call in calls_in(loop.body)):
                return True
    return False


def _ending(module: Module, table: Table, function: Function) -> Call | None:
    """Return the call that ends what was kept in the table: ``running.pipe.end()``."""
    for call in find(function.body, Call):
        holder = call.receiver
        while isinstance(holder, Member):
            holder = strip(holder.object)
        if flat(call.name) not in STOPS or not isinstance(holder, Name) or holder.id == "this":
            continue
        taken = module.scopes.origin(holder)
        if isinstance(taken, Call) and taken.receiver is not None and _last_part(taken) == table.name:
            return call
    return None


def _last_part(taken: Call) -> str:
    """Return the name of what something is taken out of: ``_running`` of ``self._running.pop(name)``."""
    holder = strip(taken.receiver) if taken.receiver is not None else None
    return holder.name if isinstance(holder, Member) else holder.id if isinstance(holder, Name) else ""
