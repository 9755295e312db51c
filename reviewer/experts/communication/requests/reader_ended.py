"""COM036: what reads the replies comes to an end by itself, and nobody tells those who still wait for one."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Call, For, Function, Node, Try, While, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import Pending, pending_in_line, pending_requests
from reviewer.experts.communication.requests.peer_ended import reached_from
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FULFILS: Final = frozenset({"set_result", "resolve"})
_ENDS: Final = frozenset({"set_exception", "cancel", "reject", "abort", "destroy", "fail"})
_BESIDE: Final = frozenset({"create_task", "ensure_future", "Thread", "start_soon", "run_in_executor", "submit"})
"""Calls by which a function goes on beside the one that starts it."""
_DEEPEST: Final = 2


@module_check("COM036", words={"future", "promise", "deferred", "futures"})
def reader_ended(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that hands replies to those who wait, for what is done behind it."""
    if module.is_test:
        return
    seen: set[int] = set()
    for found in chain(pending_requests(inquiry, module), pending_in_line(inquiry, module)):
        for loop in module.some(For, While):
            reader = function_of(loop)
            if not isinstance(loop, For | While) or reader is None or reader is found.function or id(loop) in seen:
                continue
            if not _reads(loop) or not _hands_out(module, found, loop.body, 0) or not _beside(module, reader):
                continue
            seen.add(id(loop))
            behind = _behind(reader, loop)
            if reached_from(module, found, behind) or _ended_elsewhere(module, found, reader):
                continue
            last = _last(loop)
            yield Match(
                last if last is not None else loop,
                f"When there is nothing more to read, this reader ends, and the requests that wait in "
                f"'{found.table.name}' are left as they are: no reply will come, and whoever asked waits all the same.",
                related=((found.entry.node, "requests wait since here"),),
            )


def _reads(loop: For | While) -> bool:
    """Tell whether a loop waits for what comes: ``async for``, or a wait in its test or at its beginning."""
    if isinstance(loop, For):
        return loop.asynchronous or any(
            last_name(node) in ("stdout", "stdin", "stream", "reader", "socket")
            for node in walk(loop.iterable if loop.iterable is not None else ())
        )
    return any(isinstance(node, Await) or _receives(node) for node in walk([loop.test, *loop.body[:2]]))


def _receives(node: Node) -> bool:
    return isinstance(node, Call) and node.name in ("readline", "recv", "read", "recv_json", "recv_bytes")


def _hands_out(module: Module, found: Pending, body: Sequence[Node], depth: int) -> bool:
    """Tell whether statements, or what they call, take one who waits out of the table and give it the reply."""
    touched = any(last_name(node) == found.table.name for node in walk(body))
    if touched and any(call.name in _FULFILS | found.ends.fulfil for call in calls_in(body)):
        return True
    for call in calls_in(body) if depth < _DEEPEST else ():
        target = definition(module, call.callee)
        own = isinstance(target, Function) and target.module is module and target is not function_of(call)
        if own and isinstance(target, Function) and _hands_out(module, found, target.body, depth + 1):
            return True
    return False


def _beside(module: Module, reader: Function) -> bool:
    """Tell whether a function is started and not waited for, so that its end ends nothing else."""
    for call in module.calls(_BESIDE):
        for given in (*call.args, *call.keywords.values()):
            inner = strip(given)
            callee = inner.callee if isinstance(inner, Call) else inner
            if last_name(callee) == reader.name and bool(reader.name):
                return True
    if module.language == "python" or not reader.name:
        return False
    return any(use_of(call).how == "dropped" for call in module.calls((reader.name,)))


def _behind(reader: Function, loop: For | While) -> list[Node]:
    """Return what a reader does once its loop has ended, well or badly."""
    found: list[Node] = [one for one in reader.body if one.start >= loop.stop]
    for around in ancestors(loop):
        if around is reader:
            break
        if isinstance(around, Try):
            found += [*around.final, *around.orelse, *(s for handler in around.handlers for s in handler.body)]
        found += [child for child in around.children() if child.start >= loop.stop]
    return found


def _last(loop: For | While) -> Node | None:
    """Return what is done last where a reader ends, behind its loop."""
    guard = next((around for around in ancestors(loop) if isinstance(around, Try | Function)), None)
    return guard.final[0] if isinstance(guard, Try) and guard.final else None


def _ended_elsewhere(module: Module, found: Pending, reader: Function) -> bool:
    """Tell whether another function ends the waiting of all: when it closes, or when the reader is done."""
    for call in find(module.body, Call):
        function = function_of(call)
        if call.name not in _ENDS | found.ends.reject | {"clear"} or function is None or inside(call, reader):
            continue
        loops = any(isinstance(around, For) for around in ancestors(call)) or call.name == "clear"
        if loops and any(last_name(node) == found.table.name for node in walk(function.body)):
            return True
    return False
