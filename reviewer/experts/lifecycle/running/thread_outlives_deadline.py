"""LIF361: a deadline ends the waiting for a thread in which a plugin runs, and nothing tells the thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.elsewhere import RUNNERS
from reviewer.code.syntax import Assign, Await, Call, Function, Member, Name, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.plugin_work import plugin_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LIMITS: Final = frozenset({"timeout", "timeout_at"})
_TELLS: Final = frozenset(
    "stop stopping stopped cancel cancelled cancellation token event signal abort aborted deadline timeout budget "
    "limit until halt expires seconds".split()
)
"""What is handed to work that can end by itself when its time is up."""
_ENDS: Final = frozenset({"set", "terminate", "kill", "stop", "abort", "request_stop", "interrupt"})
_NO_THREADS: Final = frozenset({"process", "processes", "procs"})


@module_check("LIF361", words={"thread", "executor", "submit"})
def thread_outlives_deadline(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each thread in which a plugin runs for a deadline that only its waiting has."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls({"to_thread", "run_in_executor", "submit"}):
        place = RUNNERS[call.name]
        if len(call.args) <= place or _is_told(call) or _in_processes(call):
            continue
        work = strip(call.args[place])
        at = _deadline(call)
        function = function_of(call)
        if at is None or function is None:
            continue
        if plugin_work(module, work) is not Confidence.LIKELY or _ends_it(function):
            continue
        yield Match(
            at,
            f"When the time is up only the waiting ends: '{short(module.text_of(work))}' goes on in its thread, which "
            "nothing can stop, and each such call takes one thread of the pool for good.",
            fix="Hand it an event or a date by which it ends itself, or run it in a process that can be killed.",
            related=((call, "begun here"),) if at is not call else (),
            confidence=Confidence.POSSIBLE if _has_own_pool(module, call, function) else None,
        )


def _has_own_pool(module: Module, call: Call, function: Function) -> bool:
    """Tell whether a pool is made for one call alone, and left to itself: the thread is lost, and no other waits."""
    made = module.scopes.origin(call.receiver) if call.receiver is not None else None
    return (
        isinstance(made, Call)
        and function_of(made) is function
        and any(one.name == "shutdown" and "wait" in one.keywords for one in calls_in(function.body))
    )


def _is_told(call: Call) -> bool:
    """Tell whether what runs in a thread is handed something that says when to stop."""
    given = [*call.args[1:], *call.keywords.values()]
    said = {word for one in find(given, Name) for word in words(one.id)}
    said |= {word for one in find(given, Member) for word in words(one.name)}
    said |= {word for key in call.keywords for word in words(key)}
    return bool(said & _TELLS)


def _in_processes(call: Call) -> bool:
    """Tell whether the pool that does the work is one of processes, by its name."""
    pools = [call.receiver, call.args[0]] if call.name == "run_in_executor" else [call.receiver]
    named = {word for one in pools if one is not None for part in find(one, Name) for word in words(part.id)}
    named |= {word for one in pools if one is not None for part in find(one, Member) for word in words(part.name)}
    return bool(named & _NO_THREADS)


def _deadline(call: Call) -> Call | None:
    """Return the call that waits for a thread only so long."""
    for around in ancestors(call):
        if isinstance(around, Call) and around.name == "wait_for":
            return around
        if isinstance(around, With) and any(
            isinstance(made := strip(value), Call) and made.name in _LIMITS for value, _target in around.items
        ):
            return call
        if isinstance(around, Function):
            break
    kept = call.parent
    while isinstance(kept, Await):
        kept = kept.parent
    function = function_of(call)
    if function is None:
        return None
    name = kept.target.id if isinstance(kept, Assign) and isinstance(kept.target, Name) else ""
    for wait in calls_in(function.body):
        holder = strip(wait.receiver) if wait.receiver is not None else None
        if wait.name == "result" and wait.arg(0, "timeout") is not None:
            if holder is call or (isinstance(holder, Name) and holder.id == name):
                return wait
        elif wait.name == "wait_for" and wait.args and isinstance(first := wait.args[0], Name) and first.id == name:
            return wait
    return None


def _ends_it(function: Function) -> bool:
    """Tell whether a function tells anybody to end: ``stop.set()``, ``process.kill()``."""
    return any(call.name in _ENDS and call.receiver is not None and not call.args for call in calls_in(function.body))
