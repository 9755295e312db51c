"""LIF004: a thread that nothing ends runs a loop without a way out, and the program waits for it at its own end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Jump, Literal, Member, Return, Throw, While, strip
from reviewer.code.walk import find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_EXITS: Final = frozenset({"exit", "_exit", "quit", "abort"})


@module_check("LIF004", words={"thread"})
def thread_without_end(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each thread that is no daemon for a loop that goes round for ever."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("Thread",)):
        target = call.arg(1, "target")
        run = definition(module, target) if target is not None else None
        if not isinstance(run, Function) or run.module is not module or _is_daemon(module, call):
            continue
        loop = next((one for one in find(run.body, While, into_functions=False) if _is_endless(one)), None)
        if loop is not None:
            yield Match(
                call,
                f"'{run.name}' goes round for ever and nothing tells it to stop: the thread outlives whoever started "
                "it, and because it is no daemon the program can't end either.",
                related=((loop, "this loop has no way out"),),
                fix="Let the loop wait for an Event that the end sets (`while not stopped.wait(2):`), and join it.",
            )


def _is_daemon(module: Module, call: Call) -> bool:
    """Tell whether a thread is told to die with the program, where it is made or later."""
    told = call.keywords.get("daemon")
    if told is not None:
        return not (isinstance(told, Literal) and told.value is False)
    if any(True for _ in module.calls(("setDaemon",))):
        return True
    held = call.parent.target if isinstance(call.parent, Assign) else None
    return any(
        isinstance(one.target, Member)
        and one.target.name == "daemon"
        and (held is None or last_name(one.target.object) == last_name(held))
        for one in module.all(Assign)
    )


def _is_endless(loop: While) -> bool:
    """Tell whether neither the head of a loop nor anything in its body ends it."""
    test = strip(loop.test)
    if not isinstance(test, Literal) or not test.value:
        return False
    return not any(
        isinstance(part, Return | Throw)
        or (isinstance(part, Jump) and part.kind == "break")
        or (isinstance(part, Call) and part.name in _EXITS)
        for part in walk(loop.body, into_functions=False)
    )
