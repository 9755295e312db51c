"""COM035: a request from the other side gets no answer when its work fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, guarding_try, use_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Function, Index, Literal, Member, Name, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.incoming import incoming, message_loops
from reviewer.experts.communication.vocabulary import EXECUTES, first_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_ANSWERS: Final = frozenset(
    "send postMessage write reply respond answer emit send_json send_text sendall put put_nowait writeline "
    "print".split()
)
_NO_WORK: Final = frozenset("get pop setdefault items keys values strip split decode loads dumps append".split())
"""Methods that only take something out of the message."""


@module_check("COM035", words={"message", "onmessage", "data", "line", "request"})
def reply_missing(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each awaited call in a message handler that answers with its result, for what catches its failure."""
    if module.is_test:
        return
    if module.language == "python":
        yield from _in_loops(module)
        return
    seen: set[int] = set()
    for found in incoming(module):
        function = found.function
        if id(function) in seen or not function.asynchronous:
            continue
        seen.add(id(function))
        for wait in find(function.body, Await, into_functions=False):
            call = strip(wait.value)
            if not isinstance(call, Call) or call.name == "catch" or not (_chosen(module, call) or _asked(call)):
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


def _in_loops(module: Module) -> Iterator[Match]:
    """Look at each loop that reads requests and answers them: an error of one ends the reading of all."""
    for loop in message_loops(module):
        for call in calls_in(loop.body, into_functions=False):
            if not (_chosen(module, call) or _asked(call)) or call.name in _ANSWERS | _NO_WORK:
                continue
            guard = guarding_try(call)
            if guard is not None and inside(guard, loop):
                continue
            given = use_of(call)
            kept = given.by.target.id if isinstance(given.by, Assign) and isinstance(given.by.target, Name) else ""
            behind = (
                c
                for c in after(call)
                if isinstance(c, Call) and c.name in _ANSWERS and c.raw.start_byte > call.raw.start_byte
            )
            answer = next((c for c in behind if kept in names_in(c.args)), None)
            if kept and answer is not None:
                yield Match(
                    call,
                    f"When '{module.text_of(call.callee)}' raises, the answer in line {answer.line} is never sent, and "
                    "the loop that reads the requests ends: nobody is answered any more.",
                    related=((answer, "never sent then"),),
                )
                break


def _asked(call: Call) -> bool:
    """Tell whether a call hands on what the message names: ``commands.run(request.command, request.input)``."""
    given = strip(call.args[0]) if call.args else None
    if isinstance(given, Index) and not isinstance(given.key, Literal):
        return False
    return isinstance(given, Member | Index) and not is_this_member(given) and first_word(call.name) in EXECUTES


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
