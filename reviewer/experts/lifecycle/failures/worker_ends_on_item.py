"""LIF163: the first item that can't be worked on ends the task that works on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import Assign, Await, Call, For, Function, Literal, Member, Name, Throw, Try, While, strip
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

STARTS: Final = frozenset({"create_task", "ensure_future", "start_soon", "spawn"})
"""Calls that begin a task."""
_TAKES: Final = frozenset({"get", "recv", "receive", "popleft", "pop"})
_HARMLESS: Final = frozenset(
    "task_done append appendleft add print debug info warning error exception log sleep set put put_nowait len str "
    "discard isinstance repr".split()
)
"""Calls that hardly raise for what an item holds."""
_OF_WAITS: Final = frozenset({"CancelledError", "TimeoutError", "QueueEmpty", "Empty", "KeyboardInterrupt"})
"""Errors by which a task, or a wait of it, is ended."""


@module_check("LIF163", words={"task", "ensure", "soon", "spawn"})
def worker_ends_on_item(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each task that takes one item after the other for what it does with them without catching."""
    if module.is_test or module.language != "python":
        return
    if any(hears_of_end(call) for call in module.calls(("add_done_callback",))):
        return
    seen: set[int] = set()
    for start in module.calls(STARTS):
        work = work_of(module, start)
        if work is None or id(work) in seen:
            continue
        seen.add(id(work))
        for loop in find(work.body, While, into_functions=False):
            if not isinstance(loop.test, Literal) or guarding_try(loop) is not None:
                continue
            worked = _worked_on(module, loop)
            if worked is not None:
                yield Match(
                    worked,
                    f"When '{short(module.text_of(worked))}' raises for one item, the task ends: nobody works on those "
                    "that come after it, and nobody is told.",
                    related=((start, "the task is started here"),),
                )
                break


def hears_of_end(call: Call) -> bool:
    """Tell whether somebody hears that a task has ended, and may begin it again: to forget it is not enough."""
    given = strip(call.args[0]) if call.args else None
    return not (isinstance(given, Member) and given.name in ("discard", "remove"))


def work_of(module: Module, start: Call) -> Function | None:
    """Return the coroutine function of this file that a task runs."""
    given = strip(start.args[0]) if start.args else None
    named = given.callee if isinstance(given, Call) else given
    found = definition(module, named) if named is not None else None
    return found if isinstance(found, Function) and found.asynchronous and found.module is module else None


def _worked_on(module: Module, loop: While) -> Call | None:
    """Return the call that is handed an item which a loop has waited for, where nothing around it catches."""
    items: set[str] = set()
    for taken in find(loop.body, Assign, into_functions=False):
        made = taken.value if isinstance(taken.value, Await) else None
        call = strip(made.value) if made is not None else None
        if isinstance(call, Call) and call.name in _TAKES and not call.args:
            items |= names_in(taken.target)
    if not items or any(map(_catches, find(loop.body, Try, into_functions=False))):
        return None
    for call in calls_in(loop.body, into_functions=False):
        told = any(items & names_in(arg) for arg in (*call.args, *call.keywords.values()))
        if not (told or (isinstance(call.callee, Name) and call.callee.id in items)) or call.name in _HARMLESS:
            continue
        if isinstance(call.parent, Await) and not _catches_itself(module, call):
            return call
    return None


def _catches(guard: Try) -> bool:
    """Tell whether a ``try`` keeps what an item may raise, and not only the end of the task, or of a wait."""
    kept = [one for one in guard.handlers if not (one.body and isinstance(one.body[-1], Throw))]
    named = [last_name(one) for handler in kept for one in handler.types]
    return any(not handler.types for handler in kept) or any(name not in _OF_WAITS for name in named)


def _catches_itself(module: Module, call: Call) -> bool:
    """Tell whether all that a function of the subject does stands in a ``try``, or nothing of it can raise."""
    target = callee(module, call)
    if target is None:
        return False
    return any(isinstance(one, Try) and _catches(one) for one in target.body) or not any(
        isinstance(one, For | While) or list(calls_in(one)) for one in target.body
    )
