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
        for helped in calls_in(callback.body):
            helper = definition(module, helped.callee)
            if not isinstance(helper, Function) or helper is home or helper.module is not module:
                continue
            again = next((one for one in calls_in(helper.body) if definition(module, one.callee) is home), None)
            if again is not None and not _slowed(callback) and not _slowed(helper):
                yield Match(
                    _counted(helper) or again,
                    f"'{helper.name}' starts again what has ended, as often as it ends, and nothing holds a count or a "
                    "time against a limit: what crashes at its start is started for ever.",
                    related=((call, "called at every end"),),
                )
                return


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
