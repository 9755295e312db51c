"""LIF049: a clause takes a cancellation for one more failure, says so in the log, and answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import enclosing_loop
from reviewer.code.syntax import Await, Call, ExprStatement, Literal, Name, Return, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Handler, Statement

_LOGS: Final = frozenset("log logger logging print warning error exception info debug warn critical".split())
_ENDINGS: Final = frozenset("close stop shutdown cleanup teardown aclose end finish release kill cancel".split())


@module_check("LIF049", words={"except"})
def cancellation_answered(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each clause for all there is around awaited work which writes a line and goes on as after any failure."""
    if module.is_test or module.language != "python" or "await" not in module.identifiers:
        return
    for attempt in module.all(Try):
        function = function_of(attempt)
        if function is None or not function.asynchronous or enclosing_loop(attempt) is not None:
            continue
        if is_stopper(function.name) or set(words(function.name)[:1]) & _ENDINGS:
            continue
        handler = next((one for one in attempt.handlers if _takes_all(module, one)), None)
        before = attempt.handlers[: attempt.handlers.index(handler)] if handler is not None else []
        if handler is None or any("Cancel" in module.text_of(kind) for one in before for kind in one.types):
            continue
        waits = any(True for _ in find(attempt.body, Await, into_functions=False))
        if waits and handler.body and all(_only_told(one) for one in handler.body):
            yield Match(
                handler,
                f"A cancellation of '{function.name}' is caught here as well, and answered as if the work had failed: "
                "whoever has cancelled it, or set it a deadline, is told that all is well.",
                fix="Catch `Exception`, or let `asyncio.CancelledError` through first.",
            )


def _takes_all(module: Module, handler: Handler) -> bool:
    return not handler.types or any(module.text_of(kind) == "BaseException" for kind in handler.types)


def _only_told(statement: Statement) -> bool:
    """Tell whether a statement writes a line, or answers with something that is written out."""
    if isinstance(statement, Return):
        value = strip(statement.value) if statement.value is not None else None
        return value is None or isinstance(value, Literal)
    call = strip(statement.value) if isinstance(statement, ExprStatement) else None
    if not isinstance(call, Call):
        return False
    said = {word for one in find(call.callee, Name) for word in words(one.id)} | set(words(call.name))
    return bool(said & _LOGS)
