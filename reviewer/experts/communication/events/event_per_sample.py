"""COM101: each sample of something that never stops is sent on as an event of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, enclosing_loop
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Literal, Return, While, strip
from reviewer.code.text.ideas import LISTENS, SEND_WORDS, SENDS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import EVENTS
from reviewer.experts.paths import name_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_RAPID: Final = frozenset(
    "sample samples tick frame frames animationframe mousemove pointermove touchmove scroll drag dragover wheel "
    "devicemotion deviceorientation reading sensor pulse byte bytes timeupdate".split()
)
"""What comes many times a second."""
_MODERATES: Final = frozenset(
    "throttle throttled debounce debounced sampled batch batched coalesce buffer rate limit limiter gate".split()
)
_FAST_MS: Final = 100
_PAUSES: Final = frozenset({"sleep", "delay", "pause", "wait"})


@module_check("COM101", words=SEND_WORDS)
def event_per_sample(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each event that is sent for whatever comes many times a second."""
    if module.is_test:
        return
    for call in module.calls(SENDS):
        if call.receiver is None or not call.args or not _on_bus(module, call):
            continue
        handler = next((one for one in ancestors(call) if isinstance(one, Function)), None)
        source = _fed_by(module, handler) if handler is not None else ""
        loop = _fast_loop(call) if not source else None
        asked = [condition for condition in conditions(call) if loop is None or condition.test is not loop.test]
        source = "round of the loop" if loop is not None else source
        if handler is None or not source or asked or _leaves_early(handler, call):
            continue
        yield Match(
            call,
            f"An event goes over the bus for each '{source}', however fast they come: every plugin that listens is "
            "called as often, and nothing makes them fewer.",
        )


def _fast_loop(call: Call) -> While | None:
    """Return the endless loop around a call that pauses for no more than a tenth of a second."""
    loop = enclosing_loop(call)
    if not isinstance(loop, While) or not isinstance(loop.test, Literal) or not loop.test.value:
        return None
    for pause in calls_in(loop.body, into_functions=False):
        given = strip(pause.args[0]) if pause.name in _PAUSES and pause.args else None
        if isinstance(given, Literal) and isinstance(given.value, int | float):
            most = 0.1 if pause.name == "sleep" and _in_seconds(pause) else _FAST_MS
            return loop if 0 < given.value <= most else None
    return None


def _in_seconds(pause: Call) -> bool:
    function = function_of(pause)
    return function is not None and function.module.language == "python"


def _on_bus(module: Module, call: Call) -> bool:
    """Tell whether an event goes to others: over the host's bus or something that is called so."""
    said = set(name_words(call.receiver))
    return bool(said & EVENTS) or module.resolve(call.callee).startswith("context.")


def _fed_by(module: Module, handler: Function) -> str:
    """Return the name of the rapid source that calls a function, or an empty string."""
    taker = handler.parent
    if isinstance(taker, Call) and taker.callee is not handler:
        return _rapid(module, taker)
    if handler.name:
        for call in list(module.calls(LISTENS | _registers(module)))[:40]:
            if any(not isinstance(arg, Function) and _names(module, arg, handler) for arg in call.args):
                return _rapid(module, call)
    return ""


def _names(module: Module, arg: Expr, handler: Function) -> bool:
    return definition(module, arg) is handler


def _registers(module: Module) -> frozenset[str]:
    return frozenset(name for name in module.identifiers if name.startswith("on") and len(words(name)) > 1)


def _rapid(module: Module, call: Call) -> str:
    """Return what a call listens to, where that comes many times a second."""
    said = words(call.name)
    if set(said) & _MODERATES:
        return ""
    if said[:1] == ("on",) and set(said[1:]) & _RAPID:
        return call.name
    first = strip(call.args[0]) if call.args else None
    if call.name in LISTENS and isinstance(first, Literal) and isinstance(first.value, str):
        return first.value if set(words(first.value)) & _RAPID else ""
    if module.resolve(call.callee) in ("setInterval", "timers.setInterval"):
        every = strip(call.args[1]) if len(call.args) > 1 else None
        fast = isinstance(every, Literal) and isinstance(every.value, int | float) and every.value <= _FAST_MS
        return "tick of the timer" if fast else ""
    return ""


def _leaves_early(handler: Function, call: Call) -> bool:
    """Tell whether a handler looks whether it is time to send, or hands things over in a bundle."""
    if any(True for _ in find(handler.body, Return, into_functions=False)) and len(handler.body) > 1:
        return True
    return any(set(words(one.name)) & _MODERATES for one in calls_in(handler.body) if one is not call)
