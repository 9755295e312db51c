"""LIF361: a process that does not end in time is left running by the end that waited for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Function, Handler, Literal, Name, Object, Throw, Try, strip
from reviewer.code.walk import calls_in, class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TIMEOUTS: Final = frozenset({"TimeoutError", "TimeoutExpired"})
_PROCESSES: Final = word_set("process proc child subprocess popen server worker")
_KILLS: Final = frozenset({"kill", "killpg", "send_signal", "_kill", "force_stop", "kill_process", "kill_tree"})
_STARTS: Final = frozenset({"subprocess", "multiprocessing", "popen"})
_LEFT: Final = (
    "'{}' has not ended when its time is up, and nothing kills it here or elsewhere: it goes on with its memory and "
    "what it has open, and nobody holds it any more."
)


@module_check("LIF361", words={"timeout", "expired"})
def late_process_left(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is done when a process has not ended in the time that it was given to."""
    if module.is_test or module.language != "python" or not _STARTS & module.words:
        return
    for node in module.all(Try):
        handler = next((one for one in node.handlers if _is_of_time(one)), None)
        waited = _waited_for(node) if handler is not None else None
        if handler is None or waited is None or any(True for _ in find(handler.body, Throw)):
            continue
        owner, function = class_of(node), function_of(node)
        around = owner if owner is not None else function
        name = strip(waited)
        if isinstance(name, Name) and function is not None and _is_given(function, name.id) and _ends_others(module):
            continue  # ``wait(process, 5)`` beside ``kill(process)``: who asks for the one may ask for the other
        if around is None or any(_kills(call) for call in calls_in(around)) or _handed_on(handler, waited):
            continue
        yield Match(
            handler,
            _LEFT.format(module.text_of(waited)),
        )


@module_check("LIF361", words={"exit", "close"})
def late_child_left(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is done in JavaScript when a child process has not ended before a signal was raised."""
    if module.is_test or module.language == "python" or "child_process" not in module.words | module.identifiers:
        return
    if any("kill" in name.lower() for name in module.identifiers) or "signal" not in module.identifiers:
        return
    for node in module.all(Try):
        waits = map(_child_waited_for, calls_in(node.body, into_functions=False))
        waited = next((one for one in waits if one is not None), None)
        if waited is None or not node.handlers or any(True for _ in find(node.handlers[0].body, Throw)):
            continue
        if not _handed_on(node.handlers[0], waited):
            yield Match(
                node.handlers[0],
                _LEFT.format(module.text_of(waited)),
            )


def _child_waited_for(call: Call) -> Expr | None:
    """Return the process for whose end a call waits until a signal is raised: ``once(child, "exit", { signal })``."""
    event = strip(call.args[1]) if call.name == "once" and len(call.args) > 2 else None
    told = strip(call.args[2]) if event is not None else None
    ends = isinstance(event, Literal) and event.value in ("exit", "close")
    return call.args[0] if ends and isinstance(told, Object) and "signal" in told.keys else None


def _is_given(function: Function, name: str) -> bool:
    return function.owner is None and any(param.name == name for param in function.params)


def _ends_others(module: Module) -> bool:
    """Tell whether a function of the file kills the process that it is given."""
    return any(
        function.owner is None and any(_kills(call) and call.receiver is not None for call in calls_in(function.body))
        for function in module.functions
    )


def _is_of_time(handler: Handler) -> bool:
    return any(last_name(one) in _TIMEOUTS for one in handler.types)


def _waited_for(node: Try) -> Expr | None:
    """Return the process on whose end a ``try`` waits for some time: ``wait_for(self._process.wait(), 5)``."""
    for call in calls_in(node.body, into_functions=False):
        made: Expr | None = call if call.name == "wait" and (call.args or "timeout" in call.keywords) else None
        if call.name == "wait_for" and call.args:
            made = strip(call.args[0])
        waits = isinstance(made, Call) and made.name in ("wait", "communicate")
        process = made.receiver if waits and isinstance(made, Call) else None
        if process is not None and set(last_words(process)) & _PROCESSES:
            return process
    return None


def _kills(call: Call) -> bool:
    return call.name in _KILLS or "kill" in call.name


def _handed_on(handler: Handler, waited: Expr) -> bool:
    """Tell whether what is done when the time is up is given the process, and may end it."""
    name = last_name(waited)
    return any(last_name(arg) == name for call in calls_in(handler.body) for arg in call.args)
