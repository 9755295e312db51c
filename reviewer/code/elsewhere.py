"""Calls that are handed to something that makes them: to a thread, to a pool, for later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Call, Expr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_HANDS_ON: Final = {
    "to_thread": 0,
    "run_sync": 0,
    "submit": 0,
    "partial": 0,
    "run_in_threadpool": 0,
    "run_in_executor": 1,
}
"""Calls that make another one, with the place of the function among their arguments."""


class HandedCall(Struct, frozen=True):
    """A call that somebody else makes: the function, and what it is given."""

    call: Call
    callee: Expr
    args: list[Expr]
    keywords: dict[str, Expr]


def handed_call(call: Call) -> HandedCall | None:
    """Return what ``asyncio.to_thread(unpack, archive, target)`` calls, or None for a call that hands nothing on."""
    place = _HANDS_ON.get(call.name)
    if place is None or len(call.args) <= place:
        return None
    callee = call.args[place]
    if isinstance(callee, Call):
        return handed_call(callee)
    return HandedCall(call, callee, list(call.args[place + 1 :]), call.keywords)


def handed_calls(module: Module) -> Iterator[HandedCall]:
    """Yield the calls of a module that are handed to somebody else."""
    for call in module.calls(_HANDS_ON):
        found = handed_call(call)
        if found is not None and not isinstance(call.parent, Call):
            yield found
