"""LIF026: what is called a time limit only writes that the time is up, and goes on waiting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Call, Function, Name, Param, strip
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.turns.deadlines import ENDS_IN_TIME, limits
from reviewer.experts.lifecycle.vocabulary import has_word
from reviewer.experts.told_only import only_tells, tells

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_TIMERS: Final = {"setTimeout": 0, "call_later": 1, "Timer": 1}
"""Calls that have something done when a time is over, with the place of what that is."""
_LIMITS: Final = frozenset(
    "timeout deadline limited within bounded timed timebox timeboxed budget capped limit bound guarded".split()
)
"""Words of a function that promises to wait no longer than some time."""


@module_check("LIF026", words=_LIMITS)
def deadline_only_told(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that is called a limit and waits for what it is handed, for what its timer does."""
    if module.is_test:
        return
    for function in module.functions:
        if not has_word(function.name, _LIMITS) or not function.params or limits(function):
            continue
        timer = next((call for call in calls_in(function.body) if _only_told_late(module, call)), None)
        waits = _waits_for_given(module, function)
        if timer is None or waits is None or any(call.name in ENDS_IN_TIME for call in calls_in(function.body)):
            continue
        yield Match(
            timer,
            f"When the time is over '{function.name}' only tells of it, and goes on waiting for '{waits}': a plugin "
            "that never answers holds up whoever called this.",
        )


def _only_told_late(module: Module, call: Call) -> bool:
    """Tell whether a timer does nothing when it runs out but tell somebody."""
    place = _TIMERS.get(call.name)
    if place is None or len(call.args) <= place:
        return False
    late = strip(call.args[place])
    if isinstance(late, Function):
        return bool(late.body) and all(_is_told(one) for one in late.body)
    said = module.text_of(late).rsplit(".", 1)[-1]  # loop.call_later(5, log.warning, "…")
    return said in ("warning", "warn", "info", "error", "debug", "log")


def _is_told(step: object) -> bool:
    value = getattr(step, "value", None)
    told = strip(value) if value is not None else None
    return (isinstance(told, Call) and tells(told)) or only_tells(step)  # type: ignore[arg-type]  # a statement


def _waits_for_given(module: Module, function: Function) -> str:
    """Return the parameter that a function waits for, or that it calls and waits for; else nothing."""
    for wait in find(function.body, Await):
        run: Expr = strip(wait.value)
        name = run.callee if isinstance(run, Call) and not run.receiver else run
        if isinstance(name, Name) and _is_param_of(module, name, function):
            return name.id
    return ""


def _is_param_of(module: Module, name: Name, function: Function) -> bool:
    return any(isinstance(one, Param) and one.parent is function for one in module.scopes.lookup(name.id, name))
