"""COM035: a request from the other side gets no answer when its work fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, guarding_try, use_of
from reviewer.code.reach.links import callee, definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Statement,
    While,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.incoming import Incoming, incoming, message_loops
from reviewer.experts.communication.requests.answering import only_noted
from reviewer.experts.communication.vocabulary import COMMANDS, EXECUTES, first_word
from reviewer.experts.paths import last_words, name_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_ANSWERS: Final = frozenset(
    "send postMessage write reply respond answer emit send_json send_text sendall put put_nowait writeline "
    "print".split()
)
_NAMES: Final = COMMANDS | {"name", "kind", "type"}
"""Last words of what a request names."""
_LOGS: Final = frozenset({"log", "logger", "console", "journal", "audit"})
_TASKS: Final = frozenset({"create_task", "ensure_future", "start_soon"})
_NO_WORK: Final = frozenset("get pop setdefault items keys values strip split decode loads dumps append".split())
"""Methods that only take something out of the message."""


@module_check("COM035", words={"message", "onmessage", "data", "line", "request"})
def reply_missing(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each awaited call in a message handler that answers with its result, for what catches its failure."""
    if module.is_test:
        return
    yield from _in_loops(module)
    if module.language == "python":
        return
    seen: set[int] = set()
    for found in incoming(module):
        function = found.function
        if id(function) in seen or not function.asynchronous:
            continue
        seen.add(id(function))
        for wait in find(function.body, Await, into_functions=False):
            call = strip(wait.value)
            if not isinstance(call, Call) or call.name == "catch":
                continue
            answer = next((c for c in _around_or_after(wait) if isinstance(c, Call) and _answers(c)), None)
            if not (_chosen(module, call) or _asked(call) or _is_answer_to_all(module, function, wait, answer)):
                continue
            missing = _missing(module, found, wait, call, answer) if answer is not None else None
            if missing is not None:
                yield missing
                break


def _around_or_after(wait: Await) -> Iterator[Node]:
    """Yield what an awaited value is put into at once, then what follows: ``port.postMessage(await run(call))``."""
    for around in ancestors(wait):
        if isinstance(around, Function | Statement):
            break
        yield around
    yield from after(wait)


def _is_answer_to_all(module: Module, function: Function, wait: Await, answer: Call | None) -> bool:
    """Tell whether the message as a whole goes to a function that was handed in, and what that gives into the answer.

    ``const value = await this.serve(peer, message); port.postMessage({ id: message.id, value })``
    """
    call, use = strip(wait.value), use_of(wait)
    kept = use.by.target.id if isinstance(use.by, Assign) and isinstance(use.by.target, Name) else ""
    if not isinstance(call, Call) or answer is None or not kept or kept not in names_in(answer.args):
        return False
    told = {param.name for param in function.params} - {""}
    whole = {arg.id for arg in map(strip, call.args) if isinstance(arg, Name) and arg.id in told}
    back = (one for arg in answer.args for one in find(arg, Member) if isinstance(strip(one.object), Name))
    return any(getattr(strip(one.object), "id", "") in whole for one in back) and callee(module, call) is None


def _missing(module: Module, found: Incoming, wait: Await, call: Call, answer: Call) -> Match | None:
    """Return what to say where the failure of the work leaves the other side without an answer."""
    work, guard = module.text_of(call.callee), guarding_try(wait)
    if guard is not None:
        mute = next((one for one in guard.handlers if only_noted(one.body)), None)
        after_all = answer.raw.start_byte > guard.raw.end_byte or any(_answers(c) for c in calls_in(guard.final))
        if mute is None or after_all:
            return None
        return Match(
            mute,
            f"When '{work}' throws, the error is only dealt with here, and the answer in line {answer.line} is never "
            "sent: the other side waits for ever.",
            related=((answer, "never sent then"),),
        )
    caught = _caught_outside(found.via, found.function)
    if caught == "answered":
        return None
    end = "" if caught else ", and the error is an unhandled rejection here"
    return Match(
        wait,
        f"When '{work}' throws, the answer in line {answer.line} is never sent: the other side waits for ever{end}.",
        related=((answer, "never sent then"),),
    )


def _answers(call: Call) -> bool:
    return call.name in _ANSWERS and not set(name_words(call.receiver)) & _LOGS


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
            if module.language != "python" and not given.awaited:
                continue
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
        else:
            yield from _in_tasks(module, loop)


def _in_tasks(module: Module, loop: For | While) -> Iterator[Match]:
    """Look at what a loop begins for each request, in a task of its own, for work whose failure nobody answers."""
    read = {name for one in find(loop.body, Assign, into_functions=False) for name in names_in(one.target)}
    for begun in calls_in(loop.body, into_functions=False):
        task = begun.parent
        if not isinstance(task, Call) or task.name not in _TASKS or not names_in(begun.args) & read:
            continue
        run = definition(module, begun.callee)
        if not isinstance(run, Function) or not run.asynchronous or run.module is not module or _told_at_end(module):
            continue
        for call in calls_in(run.body, into_functions=False):
            use = use_of(call)
            kept = use.by.target.id if isinstance(use.by, Assign) and isinstance(use.by.target, Name) else ""
            if not (kept and use.awaited and _chosen(module, call)) or guarding_try(call) is not None:
                continue
            answers = (c for c in after(call) if isinstance(c, Call) and _answers(c))
            answer = next((c for c in answers if kept in names_in(c.args)), None)
            if answer is not None:
                yield Match(
                    call,
                    f"When '{module.text_of(call.callee)}' raises, the answer in line {answer.line} is never sent: the "
                    "other side waits for ever.",
                    related=((answer, "never sent then"), (begun, "begun for each request here")),
                )
                return


def _told_at_end(module: Module) -> bool:
    """Tell whether what hears of the end of a task answers somebody."""
    heard = [definition(module, one.args[0]) for one in module.calls(("add_done_callback",)) if one.args]
    return any(_answers(one) for run in heard if isinstance(run, Function) for one in calls_in(run.body))


def _asked(call: Call) -> bool:
    """Tell whether a call hands on what the message names: ``commands.run(request.command, request.input)``."""
    for number, given in enumerate(map(strip, call.args)):
        if isinstance(given, Index) and not isinstance(given.key, Literal):
            continue
        if not isinstance(given, Member | Index) or is_this_member(given):
            continue
        if set(last_words(given)[-1:]) & _NAMES or (number == 0 and first_word(call.name) in EXECUTES):
            return True
    return False


def _chosen(module: Module, call: Call) -> bool:
    """Tell whether a call runs what the message asked for: something looked up by a name."""
    called: Expr | None = strip(call.callee)
    for _ in range(4):
        if isinstance(called, Name):
            origin = module.scopes.origin(called)
            called = strip(origin) if origin is not called and isinstance(origin, Call | Index | Member) else None
        elif isinstance(called, Index):
            return True
        elif isinstance(called, Member):
            called = strip(called.object)
        elif isinstance(called, Call):
            return called.name == "get" and bool(called.args)
        else:
            return False
    return False


def _caught_outside(via: Function | None, function: Function) -> str:
    """Tell whether the function that hands the message on catches what comes back, and ``answered`` then."""
    for call in calls_in(via.body) if via is not None else ():
        if call.name != function.name or function_of(call) is not via:
            continue
        guard = guarding_try(call)
        if guard is not None:
            return "caught" if any(only_noted(one.body) for one in guard.handlers) else "answered"
        catch = next((a for a in ancestors(call) if isinstance(a, Call) and a.name == "catch"), None)
        if catch is not None:
            handler = strip(catch.args[-1]) if catch.args else None
            mute = isinstance(handler, Function) and only_noted(handler.body)
            return "caught" if mute else "answered"
    return ""
