"""COM035: a request from the other side gets no answer when its work fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, guarding_try
from reviewer.code.syntax import Await, Call, Function, Index, Member, Name, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.incoming import incoming

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_ANSWERS: Final = frozenset({"send", "postMessage", "write", "reply", "respond", "answer", "emit"})


@module_check("COM035", words={"message", "onmessage", "data", "line"})
def reply_missing(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each awaited call in a message handler that answers with its result, for what catches its failure."""
    if module.is_test or module.language == "python":
        return
    seen: set[int] = set()
    for found in incoming(module):
        function = found.function
        if id(function) in seen or not function.asynchronous:
            continue
        seen.add(id(function))
        for wait in find(function.body, Await, into_functions=False):
            call = strip(wait.value)
            if not isinstance(call, Call) or call.name == "catch" or not _chosen(module, call):
                continue
            if guarding_try(wait) is not None or _caught_outside(found.via, function):
                continue
            answer = next((c for c in after(wait) if isinstance(c, Call) and c.name in _ANSWERS), None)
            if answer is not None:
                yield Match(
                    wait,
                    f"When '{module.text_of(call.callee)}' throws, the answer in line {answer.line} is never sent: the "
                    "other side waits for ever, and the error is an unhandled rejection here.",
                    related=((answer, "never sent then"),),
                )
                break


def _chosen(module: Module, call: Call) -> bool:
    """Tell whether a call runs what the message asked for: something looked up by a name."""
    callee: Expr | None = strip(call.callee)
    for _ in range(4):
        if isinstance(callee, Name):
            origin = module.scopes.origin(callee)
            callee = strip(origin) if origin is not callee and isinstance(origin, Call | Index | Member) else None
        elif isinstance(callee, Index):
            return True
        elif isinstance(callee, Member):
            callee = strip(callee.object)
        elif isinstance(callee, Call):
            return callee.name == "get" and bool(callee.args)
        else:
            return False
    return False


def _caught_outside(via: Function | None, function: Function) -> bool:
    """Tell whether the function that hands the message on catches what comes back."""
    if via is None:
        return False
    for call in calls_in(via.body):
        if call.name == function.name and function_of(call) is via:
            if guarding_try(call) is not None:
                return True
            return any(isinstance(around, Call) and around.name == "catch" for around in ancestors(call))
    return False
