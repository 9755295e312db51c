"""LIF103: the pause before the next try is worked out, and the try does not wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Literal, Name, Node, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PAUSES: Final = word_set("delay pause backoff wait sleep waits cooldown interval")
_LOGS: Final = word_set("log logger logging console report warn warning info debug error trace print notice note audit")
_WAITS: Final = {"setTimeout": 1, "sleep": 0, "call_later": 0, "delay": 0, "wait": 0}
"""Calls that wait, with where the time is given."""


@module_check("LIF103", words=_PAUSES)
def pause_not_kept(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each pause that is worked out in a function for who waits for it."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        function = function_of(assign)
        if function is None or not _works_out_pause(assign) or not isinstance(assign.target, Name):
            continue
        uses = [name for name in find(function.body, Name) if name.id == assign.target.id and name is not assign.target]
        if any(not _only_said(use) for use in uses):
            continue
        wait = next((call for call in calls_in(function.body) if call.start > assign.stop and _waits_less(call)), None)
        if wait is not None:
            yield Match(
                wait,
                f"'{assign.target.id}' is worked out in line {assign.line} and nothing waits for it: this goes on "
                "at once, or always after the same time, whatever the pause should be.",
                related=((assign, "worked out here"),),
            )


def _works_out_pause(assign: Assign) -> bool:
    """Tell whether a variable is given the time of a pause that depends on something."""
    if not isinstance(assign.target, Name) or _PAUSES.isdisjoint(words(assign.target.id)) or assign.value is None:
        return False
    if not (assign.declare or assign.op == "="):
        return False
    value: Expr = strip(assign.value)
    made = isinstance(value, Binary) or (isinstance(value, Call) and value.name in ("min", "max"))
    return (
        made
        and any(True for _ in find(value, Name))
        and any(isinstance(part, Binary) and part.op in ("*", "**", "<<", "+") for part in find(value, Binary))
    )


def _only_said(name: Name) -> bool:
    """Tell whether a variable is only written to a log."""
    for around in ancestors(name):
        if isinstance(around, Call):
            return not _LOGS.isdisjoint(path_words(around.callee))
        if isinstance(around, Function) or not isinstance(around, Expr | Template | Literal):
            return False
    return False


def _waits_less(call: Call) -> bool:
    """Tell whether a call waits for a fixed time, or for none."""
    place = _WAITS.get(call.name)
    if place is None:
        return False
    given: Node | None = call.arg(place)
    return (given is None and call.name == "setTimeout" and bool(call.args)) or isinstance(given, Literal)
