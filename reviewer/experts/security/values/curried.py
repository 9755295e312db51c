"""Functions without a name that another one gives back, and where these are called: ``const portFor = ports(bus)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.call_sites import callers
from reviewer.code.syntax import Assign, Call, Function, Name, Return

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module


def giver_of(function: Function) -> str:
    """Return the name of the function that gives one without a name back; empty where there is none."""
    giver = function.outer
    back = isinstance(function.parent, Return) or (giver is not None and function in giver.body)
    return giver.name if giver is not None and back and not function.name else ""


def called_as(module: Module, giver: str) -> list[Call]:
    """Return the calls in a file of what it keeps from a call of the giver."""
    kept = (call.parent for call in module.calls((giver,)))
    names = [one.target.id for one in kept if isinstance(one, Assign) and isinstance(one.target, Name)]
    return list(module.calls(names)) if names else []


def told_at(module: Module, maker: Function) -> Iterator[tuple[Module, Call]]:
    """Yield the calls, near by and by name alone, that seem to run a function: also one that another gives back."""
    giver = giver_of(maker)
    made = maker.owner if maker.kind == "constructor" else None
    name = giver or (made.name if made is not None else maker.name)
    if not name:
        return
    for other in (module, *callers(module, name)):
        yield from ((other, call) for call in (called_as(other, name) if giver else other.calls((name,))))
