"""COM001: one listener whose queue is full keeps the event from the listeners after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import Call, For, Literal, Member, Name, strip
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_QUEUES: Final = frozenset({"Queue", "LifoQueue", "PriorityQueue", "JoinableQueue"})
_ASKS: Final = frozenset({"full", "qsize", "remaining_capacity"})


@module_check("COM001", words={"nowait"})
def full_queue_ends_loop(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that puts something into the queues of several, of which each holds only so much."""
    if module.is_test or module.language != "python" or not _bounded(module):
        return
    for loop in module.all(For):
        each = names_in(loop.target) if loop.target is not None else set()
        for call in calls_in(loop.body):
            if call.name != "put_nowait" or call.receiver is None or not _root(call.receiver) & each:
                continue
            if guarding_try(call) is not None or any(one.name in _ASKS for one in find(loop.body, Call)):
                continue
            yield Match(
                call,
                f"'{short(module.text_of(call.callee))}' raises QueueFull where one listener is behind: the loop ends "
                "in whoever sent the event, and the listeners after that one get nothing.",
                related=((loop, "the loop"),),
                fix="Catch QueueFull for each listener, and drop or count what does not fit.",
            )
            break


def _bounded(module: Module) -> bool:
    """Tell whether the file makes queues that hold only so much, and no others."""
    made = list(module.calls(_QUEUES))
    return bool(made) and all(_has_bound(call) for call in made)


def _has_bound(call: Call) -> bool:
    size = call.arg(0, "maxsize")
    given = strip(size) if size is not None else None
    return given is not None and not (isinstance(given, Literal) and given.value == 0)


def _root(expr: Expr) -> set[str]:
    """Return the variable of which a queue is a member, or that is the queue."""
    held = strip(expr)
    while isinstance(held, Member):
        held = strip(held.object)
    return {held.id} if isinstance(held, Name) else set()
