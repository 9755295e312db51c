"""LIF028: what a table holds is ended and stays in the table, where the next caller finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import Assign, Call, Delete, Member, Name, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_ENDS: Final = word_set("drain close dispose destroy terminate shutdown disconnect aclose teardown kill quit")
"""Verbs after which a thing is of no use."""


@module_check("LIF028", words=_ENDS)
def ended_and_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table from which things are taken to be ended, and never taken out."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for table in tables(module):
        if table.kind != "map" or table.of("delete", "clear") or not table.of("write") or _deleted(module, table):
            continue
        for read in table.of("read"):
            end = _ended(read)
            handed = [one for one in table.of("read") if one.function is not read.function]
            if end is not None and handed:
                yield Match(
                    end,
                    f"'{module.text_of(end.callee)}' ends what stays in '{table.name.removeprefix('#')}': nothing ever "
                    "takes it out, and whoever asks for it next gets the one that has ended.",
                    related=((handed[0].node, "handed out here"),),
                )
                break


def _deleted(module: Module, table: Table) -> bool:
    return any(table.name in module.text_of(node) for node in module.all(Delete))


def _ended(read: Access) -> Call | None:
    """Return the call by which what was read is ended: ``pools.get(id)?.drain()``, or by its variable."""
    node = read.node
    around = node.parent
    if isinstance(around, Member) and around.object is node:
        return _end_of(around)
    use = use_of(node) if isinstance(node, Call) else None
    assign = use.by if use is not None and use.how == "assigned" else None
    function = function_of(node)
    if not isinstance(assign, Assign) or not isinstance(assign.target, Name) or function is None:
        return None
    name = assign.target.id
    for member in find(function.body, Member, into_functions=False):
        holder = strip(member.object)
        if isinstance(holder, Name) and holder.id == name and (end := _end_of(member)) is not None:
            return end
    return None


def _end_of(member: Member) -> Call | None:
    call = member.parent
    ends = isinstance(call, Call) and call.callee is member and not _ENDS.isdisjoint(words(member.name)[:1])
    return call if ends and isinstance(call, Call) else None
