"""COM365: each turn of a loop starts a job anew, and nobody asks whether the last run is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, enclosing_loop
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Call, Function, Member, Name, Node, While, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.guests import runs_guest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SLEEPS: Final = frozenset({"sleep", "wait"})
_STARTS: Final = frozenset({"create_task", "ensure_future", "start_soon", "submit", "Thread"})
_ASKS: Final = frozenset(
    "done is_alive running locked busy active inflight in_flight overlap semaphore acquire alive pending limit "
    "max full slots".split()
)
_WAITS: Final = frozenset({"gather", "wait", "join", "result", "wait_for"})
_JOBS: Final = frozenset("job jobs task callback handler hook fn func run work plugin poll check tick".split())


@module_check("COM365", words={"sleep", "wait"})
def runs_overlap(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that sleeps and starts the same work for a question about the last run."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(_STARTS):
        loop = enclosing_loop(call)
        function = function_of(call)
        if not isinstance(loop, While) or function is None or not _sleeps(loop) or _asks(loop, function):
            continue
        work = _work(call)
        if work is None or _of_turn(module, work, loop) or _depends(call, loop):
            continue
        guest = _runs_guest(module, work)
        if guest is None and not set(words(work.name)) & _JOBS:
            continue
        yield Match(
            call,
            f"'{work.name}' is started on each turn, whether the last run is over or not: one that takes longer than "
            "the pause runs many times at once.",
            confidence=None if guest is not None else Confidence.POSSIBLE,
        )


def _depends(call: Call, loop: While) -> bool:
    """Tell whether something in the loop decides whether the work is started."""
    return any(inside(one.test, loop) and not inside(one.test, loop.test) for one in conditions(call))


def _sleeps(loop: While) -> bool:
    calls = calls_in([loop.test, *loop.body], into_functions=False)
    return any(call.name in _SLEEPS and (call.args or call.keywords) for call in calls)


def _asks(loop: While, function: Function) -> bool:
    """Tell whether the loop waits for what it starts, or looks whether that still runs."""
    nodes: list[Node] = [loop.test, *loop.body]
    said = {word for node in find(nodes, Member) if node.name != "add_done_callback" for word in words(node.name)}
    said |= {word for node in find(nodes, Name) for word in words(node.id)}
    waits = any(isinstance(call.parent, Await) and call.name in _WAITS - {"wait"} for call in calls_in(nodes))
    ends = any(call.name in ("join", "result") for call in calls_in(nodes))
    return bool(said & _ASKS) or waits or ends


def _work(call: Call) -> Call | None:
    """Return the call whose coroutine is started."""
    given = strip(call.args[0]) if call.args else None
    return given if isinstance(given, Call) else None


def _of_turn(module: Module, work: Call, loop: While) -> bool:
    """Tell whether each turn starts something of its own: what it has just read, taken or accepted."""
    for name in (one for arg in (*work.args, *work.keywords.values()) for one in find(arg, Name)):
        for binding in module.scopes.lookup(name.id, name):
            if isinstance(binding, Node) and inside(binding, loop):
                return True
    return any(call.name in ("get", "accept", "recv", "readline", "read") for call in calls_in(loop.body))


def _runs_guest(module: Module, work: Call) -> Confidence | None:
    """Tell whether what is started runs a job that somebody else handed in."""
    target = definition(module, work.callee)
    if not isinstance(target, Function):
        return runs_guest(module, work)
    given = {param.name for param in target.params}
    for call in calls_in(target.body):
        callee = strip(call.callee)
        base = callee.object if isinstance(callee, Member) else callee
        if isinstance(base, Name) and base.id in given and set(words(call.name)) & _JOBS:
            return Confidence.LIKELY
    return None
