"""LIF040: the timer of a deadline goes on after the work has won the race."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Literal, Member, Name, Node, Object, strip
from reviewer.code.walk import calls_in, function_of, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost

if TYPE_CHECKING:
    from reviewer.code.module import Module

_SOON: Final = 1000
"""Milliseconds."""
_PROMISED: Final = frozenset({"timers.promises.setTimeout", "timers/promises.setTimeout"})


@module_check("LIF040", words={"race"})
def race_timer_not_cleared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a ``setTimeout`` inside ``Promise.race`` whose handle nobody keeps."""
    if module.is_test or module.language == "python":
        return
    for race in module.calls(("race",)):
        if race.receiver is None or module.resolve(race.receiver) != "Promise":
            continue
        timer = _timer(module, race)
        if timer is not None and not _cleared(timer, race):
            yield Match(
                timer,
                "The timer of this deadline is never cleared: after the work has won the race it stays armed, holds "
                "what it closes over, and keeps the process from ending.",
                related=((race, "raced here"),),
                confidence=Confidence.POSSIBLE if _is_over_soon(module, timer) else None,
            )


def _timer(module: Module, race: Call) -> Call | None:
    """Return the timer that is started for a race: inside it, in a variable that is raced, or in a helper."""
    places: list[Node] = [race]
    for call in [race]:
        for arg in call.args:
            for node in getattr(strip(arg), "items", []):
                if isinstance(node, Name):
                    origin = module.scopes.origin(node)
                    if isinstance(origin, Expr):
                        places.append(origin)
    for place in places:
        for call in calls_in(place):
            if call.name == "setTimeout" and module.resolve(call.callee) in ("setTimeout", "timers.setTimeout"):
                return call
            if module.resolve(call.callee) in _PROMISED and not _can_be_ended(call):
                return call
    for call in (made for place in places for made in calls_in(place, into_functions=False)):
        timer = _in_helper(module, call)
        if timer is not None:
            return timer
    return None


def _is_over_soon(module: Module, timer: Call) -> bool:
    """Tell whether a timer fires in so short a time that nobody notices what it holds."""
    times = [module.scopes.origin(arg) for arg in timer.args[:2]]
    known = [one.value for one in times if isinstance(one, Literal) and isinstance(one.value, int | float)]
    return any(time <= _SOON for time in known)


def _can_be_ended(call: Call) -> bool:
    """Tell whether a promised timer is given a signal, or lets the process end."""
    return any(isinstance(arg, Object | Name) for arg in call.args[2:])


def _in_helper(module: Module, call: Call) -> Call | None:
    """Return the timer of a function of this module that gives a promise of a time and nothing to end it with."""
    helper = definition(module, call.callee)
    if not isinstance(helper, Function) or helper.module is not module:
        return None
    given = [node.value for node in returns_of(helper)]
    made = strip(given[0]) if len(given) == 1 and given[0] is not None else None
    if not isinstance(made, Call) or not made.new or made.name != "Promise":
        return None
    return next(
        (c for c in calls_in(made) if c.name == "setTimeout" and use_of(c).how in ("dropped", "returned")), None
    )


def _cleared(timer: Call, race: Call) -> bool:
    use = use_of(timer)
    if isinstance(use.by, Member) and use.how == "receiver":
        return use.by.name == "unref"  # setTimeout(…).unref()
    around = outermost(race) or function_of(race)
    if use.how in ("dropped", "returned"):
        return False
    return around is None or _clears(around, timer)


def _clears(function: Function, timer: Call) -> bool:
    """Tell whether a function ends a timer; what the timer itself does when it fires ends nothing."""
    ending = (call for call in calls_in(function.body) if not inside(call, timer))
    return any(call.name in ("clearTimeout", "unref", "abort") for call in ending) or (
        "clearTimeout" in function.module.text_of(function)
    )
