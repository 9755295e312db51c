"""LIF042: what has ended is started again by a helper that counts and never compares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Function, Literal, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.targets import target_function

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ENDS: Final = frozenset("exit exited crash crashed died dead ended gone lost terminated killed".split())
_PAUSES: Final = frozenset(
    {"sleep", "setTimeout", "delay", "call_later", "later", "pause", "backoff", "schedule", "wait_for_next"}
)
_DEEPEST: Final = 4
_LISTENS: Final = frozenset({"on", "once", "addListener", "addEventListener"})


@module_check("LIF042", words=_ENDS)
def revived_without_limit(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each listener for an end whose helper runs the very function that listens again."""
    if module.is_test:
        return
    for call in module.all(Call):
        callback = _on_end(module, call)
        home = function_of(call)
        if callback is None or home is None:
            continue
        again = _way_back(module, callback, home)
        if again is not None:
            function = function_of(again)
            name = f"'{function.name}'" if function is not None and function.name else "This listener"
            yield Match(
                (_counted(function) if function is not None else None) or again,
                f"{name} starts again what has ended, as often as it ends, and nothing holds a count or a "
                "time against a limit: what crashes at its start is started for ever.",
                related=((call, "called at every end"),),
            )
            return


def _way_back(module: Module, callback: Function, home: Function) -> Call | None:
    """Return the call by which what runs at an end comes back to the function that listens for it.

    It may go through a few functions of the file, of which none counts or waits. Functions that only hand on what
    they are told are passed over; the call directly at home is said by another check.
    """
    edge: list[list[Call]] = [[]]
    seen = {id(callback), id(home)}
    for _ in range(_DEEPEST):
        further: list[list[Call]] = []
        for way in edge:
            target = definition(module, way[-1].callee) if way else callback
            if not isinstance(target, Function) or _slowed(target):
                continue
            for call in calls_in(target.body):
                reached = definition(module, call.callee)
                if reached is home and way:
                    steps = [*way, call]
                    return None if _slowed(home) else next(filter(_is_decided, steps), call)
                if isinstance(reached, Function) and reached.module is module and id(reached) not in seen:
                    seen.add(id(reached))
                    further.append([*way, call])
        edge = further
    return None


def _is_decided(call: Call) -> bool:
    """Tell whether the function around a call does more than to hand on what it is told."""
    around = function_of(call)
    return around is not None and len(around.body) > 1


def _on_end(module: Module, call: Call) -> Function | None:
    """Return the function that a call has run when something ends: ``worker.onExit(…)``, ``child.on("exit", …)``."""
    named = set(words(call.name))
    event = strip(call.args[0]) if call.args else None
    if call.name in _LISTENS and isinstance(event, Literal):
        named = {"on", *words(str(event.value))}
    if "on" not in named or not named & _ENDS or not call.args:
        return None
    return target_function(module, call.args[-1])


def _counted(helper: Function) -> Assign | None:
    """Return where a helper counts how often it was needed."""
    for assign in find(helper.body, Assign):
        if assign.op == "+=" or (assign.value is not None and any(one.op == "+" for one in find(assign.value, Binary))):
            return assign
    return None


def _slowed(function: Function) -> bool:
    """Tell whether a function pauses, or compares something with a limit."""
    if any(one.op in ("<", ">", "<=", ">=") for one in find(function.body, Binary)):
        return True
    return any(
        call.name in _PAUSES or set(words(call.name)) & {"limit", "allowed", "may", "budget"}
        for call in calls_in(function.body)
    )
