"""LIF003: a timer that repeats or sets itself again is never cleared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, ExprStatement, is_nothing
from reviewer.code.walk import calls_in, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.leaks import leaks_of
from reviewer.experts.lifecycle.holding.report import left_how

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.lifecycle.holding.acquisition import Acquisition

_CLEARS: Final = frozenset({"clearInterval", "clearTimeout", "cancel"})


@module_check("LIF003", words={"interval", "timeout", "timer", "later", "frame", "cron", "schedule", "immediate"})
def timer_not_cleared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where nothing at the end of an owner can reach the timer that it started."""
    for leak in leaks_of(inquiry, module, "timer"):
        twice = _cleared_twice(module, leak)
        if twice is not None and leak.fate.name:
            yield Match(
                twice,
                f"'{module.text_of(twice)}' stands here a second time, and '{leak.fate.name}' is never cleared: its "
                f"timer goes on running after {leak.owner.name or 'the plugin'} has ended.",
                related=((leak.call, "set here"),),
            )
            continue
        forgotten = _forgotten(module, leak)
        if forgotten is not None:
            yield Match(
                forgotten,
                f"'{module.text_of(forgotten.target)}' is only forgotten here: its timer repeats for ever, and nobody "
                f"can clear it any more after {leak.owner.name or 'the plugin'} has ended.",
                related=((leak.call, "set here"),),
                confidence=None if leak.sure else Confidence.POSSIBLE,
            )
            continue
        yield Match(
            leak.call,
            f"{leak.what.replace('the ', 'The ', 1)} repeats for ever and {left_how(leak)}: "
            f"it goes on running after {leak.owner.name or 'the plugin'} has ended.",
            confidence=None if leak.sure else Confidence.POSSIBLE,
        )


def _cleared_twice(module: Module, leak: Acquisition) -> Call | None:
    """Return the call by which an end clears one timer for the second time, where it was to clear this one."""
    seen: set[tuple[int, str]] = set()
    for function in leak.owner.reached:
        for call in calls_in(function.body, into_functions=False):
            spelled = (id(function_of(call)), module.text_of(call))
            if call.name in _CLEARS and isinstance(call.parent, ExprStatement) and spelled in seen:
                return call
            seen.add(spelled)
    return None


def _forgotten(module: Module, leak: Acquisition) -> Assign | None:
    """Return where an end empties the field of a timer that runs on."""
    for function in leak.owner.reached if leak.fate.how == "kept" else ():
        for assign in find(function.body, Assign, into_functions=False):
            named = is_this_member(assign.target) and f"this.{assign.target.name}" == leak.fate.name
            if named and assign.op == "=" and assign.value is not None and is_nothing(assign.value):
                return assign
    return None
