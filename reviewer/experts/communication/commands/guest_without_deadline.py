"""COM164: a host asks the program of a guest something over its pipes, and waits for the answer as long as it likes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, For, Function, Name, With, strip
from reviewer.code.walk import ancestors, find, function_of, walk
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name
from reviewer.experts.security.handing.guest_programs import is_guests, is_spoken_to
from reviewer.experts.security.reaching.sinks import sinks
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_STARTS: Final = frozenset(
    "asyncio.create_subprocess_exec subprocess.Popen child_process.spawn child_process.fork execa execa.execa".split()
)
_WAITS: Final = frozenset(
    "communicate wait readline read readexactly readuntil readlines once finished text json toArray".split()
)
"""Calls that wait for what a process says, or for its end."""
_LIMITS: Final = regex(
    r"(?i)time_?out|deadline|wait_for|fail_after|move_on|call_later|timer|signal\b|abort|watchdog|alarm"
)
"""How a limit is called that something here puts on the waiting."""
_DEEPEST: Final = 2


@module_check("COM164", words={"subprocess", "popen", "spawn", "fork", "execa"})
def guest_without_deadline(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that starts a guest's program, asks it something and waits for what it answers."""
    if module.is_test or inquiry.subject.kind != "host" or is_tooling(module):
        return
    for sink in sinks(module, _STARTS):
        function, kept = function_of(sink.call), _kept(sink.call)
        if function is None or not kept or not is_spoken_to(module, sink) or not is_guests(module, sink):
            continue
        waits = _waits_for(function, kept)
        if waits is None or _is_limited(module, function, _DEEPEST):
            continue
        yield Match(
            waits,
            f"What was started as '{kept}' has no deadline: one that never answers, or never ends, holds "
            f"{repr(function.name) if function.name else 'whoever asked'} for ever.",
            related=((sink.call, "started here"),),
            fix="Wait with a limit (asyncio.timeout, AbortSignal.timeout), and kill the process when it passes.",
        )


def _kept(call: Call) -> str:
    """Return the variable that holds what a call starts, or an empty string."""
    around = call.parent
    while isinstance(around, Await):
        around = around.parent
    return around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else ""


def _waits_for(function: Function, kept: str) -> Node | None:
    """Return where a function waits for what the process says, or for its end, that it started itself."""
    for node in walk(function.body, into_functions=False):
        if isinstance(node, For) and node.asynchronous and node.iterable is not None and _draws_on(node.iterable, kept):
            return node
        call = strip(node.value) if isinstance(node, Await) else None
        if isinstance(call, Call) and call.name in _WAITS and _draws_on(call, kept):
            return node
    return None


def _draws_on(node: Node, kept: str) -> bool:
    return any(name.id == kept for name in find(node, Name))


def _is_limited(module: Module, function: Function, depth: int) -> bool:
    """Tell whether something in a function, or around where it is called, limits how long it takes."""
    if _LIMITS.search(module.text_of(function)):
        return True
    if not function.name or not depth:
        return False
    for call in module.calls((function.name,)):
        if last_name(call.callee) != function.name:
            continue
        caller = function_of(call)
        if any(
            isinstance(around, With | Call) and _LIMITS.search(module.text_of(around)) for around in ancestors(call)
        ):
            return True
        if caller is not None and caller is not function and _is_limited(module, caller, depth - 1):
            return True
    return False
