"""LIF055: what is under way is marked in a set, and the mark is taken away only where all went well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits
from reviewer.code.syntax import Await, Call, Function, Handler, If, Name, Try, strip
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, find, function_of, inside
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry


@module_check("LIF055", words={"async", "await"})
def mark_stays(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each mark that is set before a wait and taken away after it, and that keeps others out."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind == "list" or not table.of("has") or _of_one_run(table):
            continue
        for mark in table.of("write"):
            gone = _taken_away(module, table, mark)
            if gone is not None:
                name = table.name.removeprefix("#")
                yield Match(
                    mark.node,
                    f"When something between here and line {gone.node.line} throws, the mark in '{name}' stays, and "
                    "whoever finds it there is turned away for ever.",
                    related=((gone.node, "taken away only when all went well"),),
                )


def _of_one_run(table: Table) -> bool:
    """Tell whether a set is made anew by an ``async`` function that alone calls the one which marks in it."""
    made = function_of(table.declared)
    marking = next((one.function for one in table.of("write")), None)
    if any(one.function is not marking for one in table.of("write")):
        return False
    if made is None or marking is None or marking.outer is not made or not made.asynchronous or not marking.name:
        return False
    named = [one for one in find(made.body, Name) if one.id == marking.name]
    return all(isinstance(one.parent, Call) and one.parent.callee is one for one in named)


def _taken_away(module: Module, table: Table, mark: Access) -> Access | None:
    """Return where a mark is taken away behind a wait, if that is only in the plain course of the function."""
    function, key = mark.function, mark.key
    if function is None or not function.asynchronous or key is None:
        return None
    gone = [one for one in table.of("delete") if one.key is not None and module.text_of(one.key) == module.text_of(key)]
    gone = [one for one in gone if one.node.start > mark.node.start and inside(one.node, function)]
    gone = [one for one in gone if not _on_another_way(one.node, mark.node)]
    if not gone or any(one.function is not function or _also_after_failure(one.node) for one in gone):
        return None
    waits = [
        wait
        for wait in find(function.body, Await, into_functions=False)
        if mark.node.start < wait.start < gone[-1].node.start and not _caught(wait, gone[-1].node)
    ]
    return gone[-1] if waits else None


def _on_another_way(gone: Node, mark: Node) -> bool:
    """Tell whether a mark is taken away only where something else is asked for, as a switch is that was set before.

    ``if (event === "start") known.add(id); … if (event === "stop") known.delete(id);``
    """
    function = function_of(gone)
    for around in find(function.body, If, into_functions=False) if function is not None else ():
        if not _covers(around, gone):
            continue
        way = next((one for one in (around.body, around.orelse) if any(inside(gone, step) for step in one)), None)
        if way is None and not _covers(around, mark):
            return True  # the last question of a function is read as one that leaves it otherwise
        if way is not None and not any(inside(mark, step) for step in way) and not exits(way):
            return True
    return False


def _covers(around: If, node: Node) -> bool:
    return around.raw.start_byte <= node.raw.start_byte < around.raw.end_byte


def _also_after_failure(node: Node) -> bool:
    """Tell whether a place is reached after a failure as well: in a ``finally`` or in a clause for errors."""
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, Handler) or (isinstance(around, Try) and any(inner is s for s in around.final)):
            return True
        if isinstance(around, Function):
            return False
        inner = around
    return False


def _caught(wait: Await, gone: Node) -> bool:
    """Tell whether the failure of a wait is caught before it gets past the place where the mark goes."""
    call = strip(wait.value)
    if isinstance(call, Call) and call.name in ("catch", "allSettled"):
        return True
    inner: Node = wait
    for around in ancestors(wait):
        if isinstance(around, Function):
            return False
        within = isinstance(around, Try) and any(inner is statement for statement in around.body)
        if isinstance(around, Try) and within and not around.start <= gone.start < around.stop:
            return any(not exits(handler.body) for handler in around.handlers)
        inner = around
    return False
