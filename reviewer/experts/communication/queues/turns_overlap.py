"""COM365: a timer starts a guest's job on each of its turns, and nobody asks whether the last run is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import declared_type as declared
from reviewer.code.reach.links import definition, is_async, named_type
from reviewer.code.reach.promises import declared_promise
from reviewer.code.syntax import Await, Call, Function, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.guests import runs_guest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset(
    "done running locked lock busy active inflight flight overlap semaphore mutex alive pending limit max full slots "
    "last previous current working once single skip exclusive queue enqueue idle".split()
)
"""Words by which what a timer runs speaks of the run before it."""
_SETTLES: Final = frozenset({"then", "catch", "finally"})
_TOGETHER: Final = frozenset({"all", "allSettled"})
_STOPS: Final = frozenset({"clearInterval"})
_DEEPEST: Final = 2


@module_check("COM365", words={"interval"})
def turns_overlap(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each interval for a guest's job that it starts whether or not the last one has come to its end."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("setInterval",)):
        tick = definition(module, call.args[0]) if len(call.args) > 1 else None
        if not isinstance(tick, Function) or tick.module is not module:
            continue
        job = _job(module, tick, 0)
        if job is not None:
            yield Match(
                call,
                f"'{module.text_of(job.callee)}' is started on each turn, whether the last run is over or not: one "
                "that takes longer than the pause runs many times at once.",
                related=((job, "started here"),) if job.line != call.line else (),
                fix="Set the next timer when the run is over, or skip a turn while one is under way.",
            )


def _job(module: Module, run: Function, depth: int) -> Call | None:
    """Return the guest's job that a function starts as it comes, also by way of one of its own functions."""
    if _asks(run):
        return None
    for call in calls_in(run.body):
        if any(inside(one.test, run) for one in conditions(call)):
            continue
        if _is_guest(module, call) and _takes_time(module, call):
            return call
        own = definition(module, call.callee) if depth < _DEEPEST else None
        if isinstance(own, Function) and own.module is module and own.asynchronous and not own.generator:
            found = _job(module, own, depth + 1)
            if found is not None:
                return found
    return None


def _asks(run: Function) -> bool:
    """Tell whether a function speaks of the run before, or of an end that it gives the timer itself."""
    said = {word for node in find(run.body, Member) for word in words(node.name)}
    said |= {word for node in find(run.body, Name) for word in words(node.id)}
    return bool(said & _ASKS) or any(call.name in _STOPS for call in calls_in(run.body))


def _is_guest(module: Module, call: Call) -> bool:
    """Tell whether a call runs a guest: by its name, or as one that was handed in and only an interface describes."""
    if runs_guest(module, call) is Confidence.LIKELY:
        return True
    held = strip(call.receiver) if call.receiver is not None else None
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    if not bound or not isinstance(bound[0], Param):
        return False
    shape = named_type(module, declared(module, held)) if isinstance(held, Name) else None
    return shape is not None and shape.kind == "interface" and is_async(module, call) is True


def _takes_time(module: Module, call: Call) -> bool:
    """Tell whether a job answers with a promise: somebody waits for it, or hears how it ended."""
    around = call.parent
    if isinstance(around, Await) or declared_promise(module, call) or is_async(module, call) is True:
        return True
    together = any(isinstance(one, Call) and one.name in _TOGETHER for one in ancestors(call))
    return together or (isinstance(around, Member) and around.name in _SETTLES)
