"""LIF040, of promises: a timer of the waiting is kept under a name to be cleared, and nobody clears it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Call, Function, Name, strip
from reviewer.code.walk import calls_in, find, inside
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF040", words={"promise"})
def promise_timer_kept(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each promise that is settled by a timer or by something else, for who clears the timer."""
    if module.is_test or module.language == "python":
        return
    for promise in module.calls(("Promise",)):
        executor = strip(promise.args[0]) if promise.new and promise.args else None
        if not isinstance(executor, Function):
            continue
        for made in find(executor.body, Assign, into_functions=False):
            timer = strip(made.value) if made.value is not None else None
            if not made.declare or not isinstance(made.target, Name) or not isinstance(timer, Call):
                continue
            if timer.name != "setTimeout" or module.resolve(timer.callee) != "setTimeout":
                continue
            read = any(one.id == made.target.id and one is not made.target for one in find(executor.body, Name))
            if not read and _ends_otherwise(executor, timer):
                yield Match(
                    timer,
                    f"'{made.target.id}' is kept to be cleared, and nobody clears it: once the answer is there the "
                    "timer stays armed, holds what it closes over, and keeps the process from ending.",
                    fix=f"`clearTimeout({made.target.id})` wherever the promise is settled.",
                )


def _ends_otherwise(executor: Function, timer: Call) -> bool:
    """Tell whether a promise is settled, or handed to who settles it, by more than its timer."""
    given = {param.name for param in executor.params if param.name}
    named = {
        made.target.id
        for made in find(executor.body, Assign)
        if isinstance(made.target, Name) and made.value is not None and isinstance(strip(made.value), Function)
    }
    used = (one for one in find(executor.body, Name) if one.id in given and not inside(one, timer))
    return any(True for _ in used) or any(
        call.name in named for call in calls_in(executor.body) if not inside(call, timer)
    )
