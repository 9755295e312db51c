"""Calls that are handed to something that makes them: to a thread, to a pool, for later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.call_sites import is_same
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function

RUNNERS: Final = {
    "to_thread": 0,
    "run_sync": 0,
    "submit": 0,
    "run_in_threadpool": 0,
    "call_soon_threadsafe": 0,
    "run_in_executor": 1,
}
"""Calls that have a function run, with its place among their arguments; what it is given stands behind it."""
HANDS_ON: Final = {**RUNNERS, "partial": 0}
"""Calls that make another one, now or for later, likewise."""
_MOST: Final = 6
"""Calls of one file that are looked at for one function."""


class HandedCall(Struct, frozen=True):
    """A call that somebody else makes: the function, and what it is given."""

    call: Call
    callee: Expr
    args: list[Expr]
    keywords: dict[str, Expr]


def handed_call(call: Call) -> HandedCall | None:
    """Return what ``asyncio.to_thread(unpack, archive, target)`` calls, or None for a call that hands nothing on."""
    place = HANDS_ON.get(call.name)
    if place is None or len(call.args) <= place:
        return None
    callee = call.args[place]
    if isinstance(callee, Call):
        return handed_call(callee)
    return HandedCall(call, callee, list(call.args[place + 1 :]), call.keywords)


def handed_calls(module: Module) -> Iterator[HandedCall]:
    """Yield the calls of a module that are handed to somebody else."""
    for call in module.calls(HANDS_ON):
        found = handed_call(call)
        if found is not None and not isinstance(call.parent, Call):
            yield found


def handed_to(module: Module, function: Function, position: int) -> Iterator[tuple[Call, Expr]]:
    """Yield what is handed for a parameter of a function run elsewhere: ``run_in_executor(pool, load, url)``."""
    for call in list(module.calls(RUNNERS))[:_MOST]:
        first = RUNNERS[call.name]
        run, argument = call.arg(first), call.arg(first + 1 + position)
        if run is not None and argument is not None and is_same(definition(module, run), function):
            yield call, argument
