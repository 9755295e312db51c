"""LIF012: a timer that is cleared at the end sets itself again, because its work was under way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Await, Call, Function, Node
from reviewer.code.walk import ancestors, calls_in, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.acquired import REARMING
from reviewer.experts.lifecycle.holding.fate import fates, spoken
from reviewer.experts.lifecycle.holding.owners import Owner, owners
from reviewer.experts.lifecycle.targets import inner_of, target_function

if TYPE_CHECKING:
    from reviewer.code.module import Module

_CHAINS: Final = frozenset({"then", "finally", "catch"})


@module_check("LIF012", words={"timeout", "timer", "frame", "later", "immediate"})
def timer_rearmed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the arming behind an await that asks nothing which the end of the owner sets."""
    if module.is_test:
        return
    for owner in owners(inquiry, module):
        for top in owner.nodes:
            for call in calls_in(top):
                again = _again(module, call) if _kept(module, owner, call) else None
                if again is not None and not _asks(owner, call, again, _kept_names(module, call)):
                    yield Match(
                        call,
                        f"This timer is set again after its work has been awaited (line {again[1].line}): an end that "
                        "comes while the work is under way clears nothing, and the timer goes on.",
                        related=((again[1], "awaited here"),),
                    )


def _kept(module: Module, owner: Owner, call: Call) -> bool:
    if module.resolve(call.callee) not in REARMING and not call.name.startswith("call_later"):
        return False
    return bool(owner.ends) and bool(_kept_names(module, call) & owner.released)


def _kept_names(module: Module, call: Call) -> set[str]:
    return {fate.name for fate in fates(module, call) if fate.how == "kept"}


def _again(module: Module, call: Call) -> tuple[Node, Node] | None:
    """Return the place where the timer is set going again, and what is awaited before it."""
    position = REARMING.get(module.resolve(call.callee), 0)
    target = target_function(module, call.arg(position, "function"))
    here = function_of(call)
    if target is None or here is None:
        return None
    places: list[Node] = [call] if inner_of(call, target) else []
    places += [made for made in calls_in(target.body) if target_function(module, made.callee) is here]
    for place in places:
        wait = _awaited_before(target, place)
        if wait is not None:
            return place, wait
    for made in calls_in(target.body):  # the timer runs the function in whose callback it was set
        around = target_function(module, made.callee)
        wait = _awaited_before(around, call) if around is not None and inner_of(call, around) else None
        if wait is not None:
            return call, wait
    return None


def _awaited_before(target: Function, place: Node) -> Node | None:
    """Return what is waited for between the beginning of a function and a place in it."""
    for around in ancestors(place):
        if around is target:
            break
        if isinstance(around, Call) and around.name in _CHAINS:
            return around.receiver
    for node in walk(target.body, into_functions=False):
        if isinstance(node, Await) and node.raw.end_byte <= place.raw.start_byte:
            return node
    return None


def _asks(owner: Owner, call: Call, again: tuple[Node, Node], kept: set[str]) -> bool:
    """Tell whether the way to the arming asks for something that an end of the owner speaks of."""
    tests = [condition.test for place in (call, again[0]) for condition in conditions(place)]
    for around in (*ancestors(call), *ancestors(again[0])):
        if isinstance(around, Function):
            tests.extend(condition.test for condition in conditions(around))
    said = {name for test in tests for name in spoken(test)}
    return bool(said - kept)
