"""COM036: a request is taken out of the table of those that wait, and its promise is never settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Name, strip
from reviewer.code.tables import nested_tables, tables
from reviewer.code.walk import calls_in, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import executor_of, keeps_promise, pending_requests
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LIMITS: Final = frozenset({"wait_for", "timeout", "timeout_at", "fail_after", "move_on_after"})
"""Calls by which whoever asked waits no longer than so long, whatever becomes of the entry."""
_CALLS_BACK: Final = frozenset({"setTimeout", "addEventListener", "addListener", "on", "once"})


@module_check("COM036", words={"promise"})
def waiting_forgotten(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a timer or an event does with a request that waits, for whether it ends the waiting."""
    if module.is_test or module.language == "python":
        return
    for found in pending_requests(inquiry, module):
        executor = executor_of(found.entry.node)
        if executor is None:
            continue
        ends = {param.name for param in executor.params} - {""}
        for access in found.table.of("delete"):
            later = access.function
            call = later.parent if later is not None else None
            if later is None or later.outer is not executor or not isinstance(call, Call):
                continue
            if call.name not in _CALLS_BACK or _settles(module, later, ends):
                continue
            yield Match(
                access.node,
                f"The request is taken out of '{found.table.name}' here, and its promise is neither fulfilled nor "
                "rejected: no reply can reach it any more, and whoever asked waits for ever.",
                related=((found.entry.node, "entered here"),),
            )


@module_check("COM036", words={"future"})
def future_forgotten(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a function inside of the one that asks takes out later, for whether it ends the waiting."""
    if module.is_test or module.language != "python":
        return
    for found in pending_requests(inquiry, module):
        value = strip(found.entry.value) if found.entry.value is not None else None
        ends = names_in(value) - {"self"} if value is not None else set()
        for access in found.table.of("delete"):
            later = access.function
            if later is None or later.outer is not found.function or not isinstance(value, Name):
                continue
            taken = use_of(access.node).how if isinstance(access.node, Call) else "dropped"
            if taken not in ("dropped", "tested") or _settles(module, later, ends):
                continue
            if _runs_when_settled(later) or any(call.name in _LIMITS for call in calls_in(found.function.body)):
                continue
            yield Match(
                access.node,
                f"The request is taken out of '{found.table.name}' here, and its future is neither fulfilled nor "
                "cancelled: no reply can reach it any more, and whoever asked waits for ever.",
                related=((found.entry.node, "entered here"),),
            )


def _runs_when_settled(later: Function) -> bool:
    """Tell whether a function only hears that a future has come to its end: ``answer.add_done_callback(forget)``."""
    around = later.outer
    return around is not None and any(
        arg is later or (isinstance(arg, Name) and later.name and arg.id == later.name)
        for call in calls_in(around.body)
        if call.name == "add_done_callback"
        for arg in call.args
    )


@module_check("COM036", words={"promise"})
def holder_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what drops the record of a peer with the requests that wait in it, for whether it tells who waits."""
    if module.is_test:
        return
    for held in nested_tables(module):
        if not any(entry.value is not None and keeps_promise(module, entry) for entry in held.of("write")):
            continue
        outer = next((one for one in tables(module) if any(a.node is held.declared for a in one.accesses)), None)
        for access in outer.of("delete") if outer is not None else ():
            function = access.function
            if function is None or _speaks_of(module, function, held.name):
                continue
            yield Match(
                access.node,
                f"The record is dropped with the requests that wait in its '{held.name}', and nobody tells those who "
                "wait: their promises are neither fulfilled nor rejected.",
            )


def _speaks_of(module: Module, function: Function, name: str) -> bool:
    """Tell whether a function, or one that it calls, goes to the table of this name."""
    called = [definition(module, call.callee) for call in calls_in(function.body)]
    bodies = [function, *(one for one in called if isinstance(one, Function) and one.module is module)]
    return any(last_name(node) == name for body in bodies for node in walk(body.body))


def _settles(module: Module, later: Function, ends: set[str]) -> bool:
    """Tell whether a function, or one that it calls, speaks of an end of the promise."""
    if names_in(later.body) & ends:
        return True
    for call in calls_in(later.body):
        target = definition(module, call.callee)
        if isinstance(target, Function) and target is not later and names_in(target.body) & ends:
            return True
    return False
