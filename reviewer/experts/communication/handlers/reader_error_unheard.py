"""COM180: the errors of a stream that is read line by line have nobody who hears them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Function, Name, Object, strip
from reviewer.code.walk import ancestors, calls_in, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LISTENS: Final = frozenset({"on", "once", "addListener", "addEventListener", "onerror"})


_OF_PROCESSES: Final = frozenset({"stdin", "stdout", "stderr"})
"""Streams of a process, which the one who started it looks after."""


@module_check("COM180", words={"interface", "readline"})
def reader_error_unheard(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each reader of lines that settles a promise for a listener on its stream."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("createInterface",)):
        options = call.arg(0)
        source = options.get("input") if isinstance(options, Object) else options
        executor = function_of(call)
        if source is None or executor is None or not module.resolve(call.callee).startswith("readline"):
            continue
        usual = source.right if isinstance(source, Binary) and source.op in ("??", "or") else source
        if last_name(usual) in _OF_PROCESSES:
            continue
        whole = _outermost(call)
        if (
            whole is None
            or not _waits(module, executor)
            or _heard(module, whole, source if isinstance(source, Name) else None)
        ):
            continue
        yield Match(
            call,
            f"Nobody listens to 'error' of '{module.text_of(source)}', and a reader of lines does not pass it on: a "
            "file that can't be read ends the process with an uncaught exception, and whoever waits here waits for "
            "ever.",
        )


def _outermost(call: Call) -> Function | None:
    found = None
    for around in ancestors(call):
        if isinstance(around, Function):
            found = around
    return found


def _waits(module: Module, executor: Function) -> bool:
    """Tell whether the lines are taken as events, so that no loop throws the error."""
    return any(
        call.name in _LISTENS and call.args and fixed_text(module, call.args[0]) == "line"
        for call in calls_in(executor)
    )


def _heard(module: Module, whole: Function, source: Name | None) -> bool:
    """Tell whether something around listens to the error of the stream."""
    for call in calls_in(whole):
        if call.name in ("pipeline", "finished", "once") and source is not None and _takes(call, source):
            return True
        about = call.receiver is not None and (source is None or _is(call.receiver, source))
        if about and call.name in _LISTENS and call.args and fixed_text(module, call.args[0]) == "error":
            return True
        if source is None and call.name in _LISTENS and call.args and fixed_text(module, call.args[0]) == "error":
            return True
    return False


def _is(expr: object, source: Name) -> bool:
    inner = strip(expr) if isinstance(expr, Name | Call) else None
    while isinstance(inner, Call) and inner.receiver is not None:
        inner = strip(inner.receiver)
    return isinstance(inner, Name) and inner.id == source.id


def _takes(call: Call, source: Name) -> bool:
    return any(isinstance(one, Name) and one.id == source.id for one in call.args)
