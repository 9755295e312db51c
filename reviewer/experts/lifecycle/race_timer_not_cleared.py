"""LIF040: the timer of a deadline goes on after the work has won the race."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import use_of
from reviewer.code.syntax import Call, Expr, Function, Name, Node, strip
from reviewer.code.walk import calls_in, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.dependencies import outermost

if TYPE_CHECKING:
    from reviewer.code.module import Module


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
            )


def _timer(module: Module, race: Call) -> Call | None:
    """Return the timer that is started for a race: inside it, or in a variable that is raced."""
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
    return None


def _cleared(timer: Call, race: Call) -> bool:
    use = use_of(timer)
    if use.how == "receiver":  # setTimeout(…).unref()
        return True
    around = outermost(race) or function_of(race)
    if use.how in ("dropped", "returned"):
        return False
    return around is None or _clears(around)


def _clears(function: Function) -> bool:
    return any(call.name in ("clearTimeout", "unref", "abort") for call in calls_in(function.body)) or (
        "clearTimeout" in function.module.text_of(function)
    )
