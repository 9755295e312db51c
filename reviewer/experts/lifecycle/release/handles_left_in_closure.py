"""LIF183: a timer or the like is kept for each of what a factory keeps, and taking one out leaves it running."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Function, Name
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.release.handles_left_in_map import is_handle, is_later

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table


@module_check("LIF183", words={"interval", "timeout", "worker", "later", "task", "watch", "timer"})
def handles_left_in_closure(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of handles that the functions of a factory share, for what takes out all but the handle."""
    if module.is_test:
        return
    known = [one for one in tables(module) if one.owner is None and one.kind == "map" and one.scope is not None]
    for table in known:
        kept = next((one for one in table.of("write") if _is_handle(module, one)), None)
        if kept is None:
            continue
        for gone in _taken_out(module, table, kept, known):
            named = gone.function.name if gone.function is not None else ""
            yield Match(
                gone.node,
                f"'{named}' takes one out here and never touches '{table.name}', which holds what was started for it "
                "and must be stopped: that goes on, for something that is gone.",
                related=((kept.node, "kept here"),),
                confidence=Confidence.LIKELY,
            )


def _is_handle(module: Module, write: Access) -> bool:
    if write.value is None or write.key is None:
        return False
    return is_handle(module, write.value) or is_later(module, write)


def _taken_out(module: Module, table: Table, kept: Access, known: list[Table]) -> Iterator[Access]:
    """Yield where one of what is entered beside a handle, under the same key, leaves without it."""
    key = module.text_of(kept.key) if kept.key is not None else ""
    for other in known:
        together = other is not table and other.scope is table.scope
        if any(_is_handle(module, one) for one in other.of("write")):
            continue  # what holds handles, too, is no list of what they are for
        if not together or not any(
            one.function is kept.function and one.key is not None and module.text_of(one.key) == key
            for one in other.of("write")
        ):
            continue
        for gone in other.of("delete"):
            function = gone.function
            if function is None or function is kept.function or not function.name or in_handler(gone.node) is not None:
                continue
            if function.params and gone.key is not None and not _touches(function, table.name):
                yield gone


def _touches(function: Function, name: str) -> bool:
    """Tell whether a function, or one that it calls in the same file, speaks of a table."""
    module = function.module
    reached = [function]
    for call in calls_in(function.body):
        target = definition(module, call.callee)
        if isinstance(target, Function) and target.module is module:
            reached.append(target)
    return any(one.id == name for each in reached for one in find(each, Name))
