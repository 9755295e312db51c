"""COM025: the peer is gone, its reader ends, and the requests that wait for an answer go on waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import For, Function, Node, Try, While
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import pending_requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset({"readline", "recv", "receive", "read", "readexactly", "readuntil", "get_message"})
_WAITS: Final = frozenset({"wait_for", "timeout", "fail_after", "move_on_after"})


@module_check("COM025", words={"future", "futures"})
def pending_after_end(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look behind the loop that reads answers for what becomes of those that never came."""
    if module.is_test or module.language != "python":
        return
    for pending in pending_requests(inquiry, module):
        table = pending.table
        if table.owner is None or table.of("clear") or _gone_through(table):
            continue
        loop = next((one for method in table.owner.methods for one in _reading_loops(module, method, table)), None)
        if loop is None or _waits_limited(pending.function):
            continue
        yield Match(
            loop,
            f"When the other side ends, this loop is over, and whoever waits in '{table.name}' is never told: those "
            "requests wait for ever.",
            related=((pending.entry.node, "waits here"),),
        )


def _gone_through(table: Table) -> bool:
    """Tell whether somebody goes through all that wait, to end their waiting."""
    return bool(table.of("iterate"))


def _reading_loops(module: Module, method: Function, table: Table) -> Iterator[Node]:
    """Yield the loops of a method that read a message on each turn and give it to whom it is for."""
    loops: list[While | For] = [*find(method.body, While), *find(method.body, For)]
    for loop in loops:
        if function_of(loop) is not method or not _reads(module, loop) or not _settles(module, loop, table):
            continue
        tries = [around for around in ancestors(loop) if isinstance(around, Try)]
        behind = [one for around in tries for one in (*around.final, *around.handlers)]
        if not any(inside(access.node, part) for access in table.accesses for part in behind):
            yield loop


def _reads(module: Module, loop: While | For) -> bool:
    """Tell whether a loop ends when there is nothing more to read."""
    if isinstance(loop, For):
        return loop.iterable is not None and loop.asynchronous
    for call in calls_in([loop.test, *loop.body], into_functions=False):
        target = definition(module, call.callee)
        if call.name in _READS or (
            isinstance(target, Function) and any(one.name in _READS for one in calls_in(target.body))
        ):
            return True
    return False


def _settles(module: Module, loop: While | For, table: Table) -> bool:
    """Tell whether what a loop reads ends the waiting of a request: here, or in a method that it calls."""
    touching = {id(access.function) for access in table.of("delete", "read")}
    if any(inside(access.node, loop) for access in table.of("delete", "read")):
        return True
    for call in calls_in(loop.body, into_functions=False):
        target = definition(module, call.callee)
        if isinstance(target, Function) and id(target) in touching:
            return True
    return False


def _waits_limited(asking: Function) -> bool:
    """Tell whether whoever asks waits for some time at most."""
    return any(call.name in _WAITS or "timeout" in call.keywords for call in calls_in(asking.body))
