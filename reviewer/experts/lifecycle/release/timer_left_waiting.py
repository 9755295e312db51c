"""LIF374, of an owner with an end: the end releases the rest, and leaves waiting what is cleared elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Call, Function, Name, strip
from reviewer.code.walk import calls_in, function_of, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.acquired import REARMING, describe, waits
from reviewer.experts.lifecycle.holding.fate import fates, home_of, spoken
from reviewer.experts.lifecycle.holding.owners import Owner, owners
from reviewer.experts.lifecycle.release.pending_timer_survives import asks_first
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_CLEARS: Final = frozenset({"clearTimeout", "cancel", "cancelAnimationFrame", "clearImmediate"})
_SHOWS: Final = frozenset("class style hide show focus blur text html tooltip scroll animate resolve".split())
"""Words of what only changes how something looks, or lets somebody go on who waits."""


@module_check("LIF374", words={"timeout", "later", "timer", "task", "future"})
def timer_left_waiting(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where the code of an owner clears a timer before it sets it anew, and its end does not."""
    if module.is_test:
        return
    seen: set[int] = set()
    for owner in owners(inquiry, module):
        if not owner.ends or not owner.release_calls or not owner.closed or not owner.sure:
            continue
        for call in [one for top in owner.nodes for one in calls_in(top)]:
            begun = _waiting_task(module, call)
            waiting = begun is not None or waits(module, call)
            name = _kept(module, owner, call) if id(call) not in seen and waiting else ""
            seen.add(id(call))
            if not name or name in owner.released or f".{name}" in owner.released or _in_end(owner, call):
                continue
            if describe(module, call) is not None or not _is_cleared(owner, call, name):
                continue
            end = owner.ends[0]
            if begun is not None and end.module is module and _acts_then(module, owner, begun):
                yield Match(
                    end,
                    f"'{name.removeprefix('this.')}' is cancelled before it is begun again, and not by "
                    f"'{end.name or 'the end'}': what waits by then still runs, after the end.",
                    related=((call, "begun here"),),
                )
            elif begun is None and _acts(module, owner, call):
                yield Match(
                    call,
                    f"'{name.removeprefix('this.')}' is cleared before it is set again, and not by "
                    f"'{owner.ends[0].name or 'the end'}': what waits by then still runs, after the end.",
                    related=((owner.ends[0], "clears other things"),),
                )


def _waiting_task(module: Module, call: Call) -> Function | None:
    """Return the work of a task that sleeps before it acts: ``create_task(self._later(step))``."""
    if call.name not in ("create_task", "ensure_future") or not call.args:
        return None
    begun = strip(call.args[0])
    work = target_function(module, begun.callee) if isinstance(begun, Call) else None
    sleeps = work is not None and any(module.resolve(one.callee) == "asyncio.sleep" for one in calls_in(work.body))
    return work if sleeps else None


def _kept(module: Module, owner: Owner, call: Call) -> str:
    """Return the one field that a timer is kept in, or the one variable of the factory, or of the file."""
    found = {fate.name for fate in fates(module, call) if fate.how == "kept"}
    name = next(iter(found)) if len(found) == 1 else ""
    if name.startswith("this."):
        return name if name.count(".") == 1 else ""
    home = home_of(module, name, call) if name.isidentifier() else function_of(call)
    return name if home is None or owner.nodes == [home] else ""


def _in_end(owner: Owner, call: Call) -> bool:
    return any(inside(call, end) for end in owner.reached)


def _is_cleared(owner: Owner, call: Call, name: str) -> bool:
    """Tell whether the owner clears the timer anywhere: whoever wrote it knows that it may still be waiting."""
    for top in owner.nodes:
        for other in calls_in(top):
            held: list[Expr] = [*other.args, *([other.receiver] if other.receiver is not None else [])]
            if other.name in _CLEARS and other is not call and any(name in spoken(one) for one in held):
                return True
    return False


def _acts(module: Module, owner: Owner, call: Call) -> bool:
    """Tell whether the work of a timer calls something, without asking what the end of the owner speaks of."""
    place = REARMING.get(module.resolve(call.callee), REARMING.get(call.name, 0))
    given = call.arg(place, "function")
    work = target_function(module, given)
    if any(work is end for end in owner.reached):
        return False  # it only comes to its end by itself
    if work is None:
        return given is not None and not isinstance(strip(given), Function | Name)
    return not asks_first(work) and _acts_then(module, owner, work)


def _acts_then(module: Module, owner: Owner, work: Function) -> bool:
    """Tell whether work calls something, without asking what the end of its owner speaks of."""
    for made in calls_in(work.body):
        tests = {name for condition in conditions(made) for name in spoken(condition.test)}
        target = target_function(module, made.callee)
        quiet = _SHOWS & set(path_words(made.callee)) or (target is not None and asks_first(target))
        sleeps = module.resolve(made.callee) == "asyncio.sleep"
        if function_of(made) is work and not quiet and not sleeps and not tests & owner.released:
            return True
    return False
