"""LIF365: a thread that sleeps is told to stop by a flag, and its owner is gone before it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Member, While
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.lifecycle.vocabulary import stops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function
    from reviewer.experts.check import Inquiry

_LOOKS_AFTER: Final = frozenset({"join", "is_alive"})


@module_check("LIF365", words={"thread"})
def told_thread_not_awaited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each thread that an object starts and whose loop sleeps between two looks at a flag."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("Thread",)):
        run = target_function(module, call.arg(1, "target"))
        cls = run.owner if run is not None else None
        if run is None or cls is None or any(one.name in _LOOKS_AFTER for one in find(cls, Call)):
            continue
        loop = next((one for one in find(run.body, While, into_functions=False) if _sleeps(module, one)), None)
        told = _told(cls, _asked(loop)) if loop is not None else None
        if loop is not None and told is not None:
            yield Match(
                told,
                f"This only asks: '{run.name}' looks when it has slept, and nobody waits for it. Until then it works "
                "on with what is closed, and after a new start there are two of it.",
                related=((loop, "the loop that sleeps"),),
                fix="Let the loop wait for an Event (`while not stopped.wait(30):`), set that, and join the thread.",
            )


def _sleeps(module: Module, loop: While) -> bool:
    """Tell whether a loop rests in a way that nothing ends before its time."""
    return any(module.resolve(call.callee) == "time.sleep" for call in calls_in(loop.body, into_functions=False))


def _asked(loop: While) -> set[str]:
    """Return the fields that the head of a loop reads."""
    return {one.name for one in find(loop.test, Member) if is_this_member(one)}


def _told(cls: Class, asked: set[str]) -> Assign | Call | None:
    """Return where an end of the object changes what the loop asks for."""
    for method in cls.methods:
        if stops(method.name):
            found = _changed(method, asked)
            if found is not None:
                return found
    return None


def _changed(method: Function, asked: set[str]) -> Assign | Call | None:
    for one in find(method.body, Assign, into_functions=False):
        if is_this_member(one.target) and one.target.name in asked:
            return one
    for call in calls_in(method.body, into_functions=False):
        if call.name in ("set", "clear") and is_this_member(call.receiver) and call.receiver.name in asked:
            return call
    return None
