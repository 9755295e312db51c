"""API014: an error is caught on the way, and what is given back after it is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, returns_of
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Expr,
    Function,
    Handler,
    If,
    Member,
    Name,
    Return,
    Throw,
    Try,
    With,
    is_nothing,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import behind, find, function_of, inside, names_in
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.api.types.declared import allows_nothing, promised
from reviewer.experts.api.vocabulary import LOGS
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Statement
    from reviewer.experts.check import Inquiry

_STEPS: Final = frozenset({"then", "finally", "catch"})
_PASSES: Final = frozenset("abort exit reject raise rethrow fail panic".split())
"""First words of what a handler calls that never comes back with nothing."""


@module_check("API014", words={"catch", "suppress", "except", "promise", "try", "import"})
def error_becomes_nothing(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what functions with a declared type give back after they have caught an error."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or function.generator or function.kind in ("constructor", "setter"):
            continue
        ways = [*_by_catch(module, function), *_by_suppress(module, function), *_by_name(module, function)]
        kind = promised(module, function) if ways else ""
        nothing = "None" if module.language == "python" else "undefined"
        for at in ways if kind else ():
            yield Match(
                at,
                f"'{function.name or 'this function'}' promises {kind}, and after an error that is caught here it "
                f"gives {nothing}: callers fail later, far from the cause.",
                severity=None if function.returns else Severity.LOW,
                confidence=Confidence.POSSIBLE if module.language == "typescript" and allows_nothing(inquiry) else None,
            )


def _by_catch(module: Module, function: Function) -> Iterator[Node]:
    """Yield ``catch`` at the end of an answer whose handler gives nothing: ``return load(x).catch(log)``."""
    for answer in returns_of(function) if module.language != "python" else ():
        given: Expr | None = uncast(answer.value) if answer.value is not None else None
        while isinstance(given, Await):
            given = uncast(given.value)
        while isinstance(given, Call) and given.name in _STEPS and given.receiver is not None:
            if given.name == "then" and len(given.args) < 2:
                break  # what gets the answer of an earlier ``catch`` may make something of it
            handler = given.args[-1] if given.args and given.name != "finally" else None
            if handler is not None and _gives_nothing(module, strip(handler)):
                yield strip(given.callee) if given.line == given.end_line else handler
                break
            given = uncast(given.receiver)


def _gives_nothing(module: Module, handler: Expr) -> bool:
    """Tell whether what is called with an error surely answers with nothing: a function, or a log's own method."""
    if isinstance(handler, Function):
        if any(True for _ in find(handler.body, Throw)) or (handler.asynchronous and not handler.body):
            return False
        answers = [one.value for one in returns_of(handler)]
        calls = {words(call.name)[0] for call in find(handler.body, Call) if words(call.name)}
        if calls & _PASSES:
            return False
        return all(value is None or is_nothing(value) or _is_log(value) for value in answers)
    made = module.scopes.origin(handler) if isinstance(handler, Name) else None
    if isinstance(made, Function):
        return _gives_nothing(module, made)
    return isinstance(handler, Member) and _logs(handler)


def _is_log(value: Expr) -> bool:
    made = strip(value)
    return isinstance(made, Call) and isinstance(strip(made.callee), Member) and _logs(strip(made.callee))


def _logs(member: Expr) -> bool:
    """Tell whether a member is one of a log: ``console.error``, ``this.logger.warn``."""
    holder = strip(member.object) if isinstance(member, Member) else None
    named = holder.name if isinstance(holder, Member) else holder.id if isinstance(holder, Name) else ""
    said = words(named)
    told = isinstance(member, Member) and bool(set(words(member.name)[:1]) & LOGS)
    return told and bool(said) and said[-1] in ("console", "log", "logger", "logging")


def _by_suppress(module: Module, function: Function) -> Iterator[Node]:
    """Yield ``with suppress(…)`` at the end of a function of Python, which gives its answer inside."""
    last = function.body[-1] if function.body and module.language == "python" else None
    if not isinstance(last, With) or not exits(last.body):
        return
    if any(isinstance(made := strip(item), Call) and made.name == "suppress" for item, _name in last.items):
        yield last


def _by_name(module: Module, function: Function) -> Iterator[Node]:
    """Yield handlers after which a name is given back that nobody filled: ``except E: log(…)`` … ``return loaded``."""
    for answer in returns_of(function):
        given = uncast(answer.value) if answer.value is not None else None
        if not isinstance(given, Name):
            continue
        for attempt in find(function.body, Try, into_functions=False):
            if behind(answer, attempt) and answer.parent is attempt.parent and _fills(attempt.body, given.id):
                for handler in attempt.handlers:
                    at = _left_empty(function, handler, given.id)
                    if at is not None and not _asked_between(function, attempt, answer, given.id):
                        yield at


def _fills(body: Sequence[Statement], name: str) -> bool:
    """Tell whether statements give a name something."""
    return any(_is(one.target, name) and not is_nothing(one.value) for one in find(body, Assign)) or any(
        name in names_in(one.target) for one in find(body, Assign) if one.target is not None
    )


def _left_empty(function: Function, handler: Handler, name: str) -> Node | None:
    """Return where a handler leaves a name without anything: the line that empties it, else the handler."""
    if exits(handler.body) or any(True for _ in find(handler.body, Throw)):
        return None
    if any(words(call.name)[:1] and words(call.name)[0] in _PASSES for call in find(handler.body, Call)):
        return None
    put = [one for one in find(handler.body, Assign) if _is(one.target, name)]
    if put:
        return put[-1] if is_nothing(put[-1].value) else None
    before = [
        one
        for one in find(function.body, Assign, into_functions=False)
        if _is(one.target, name) and behind(handler, one) and not _in_try(handler, one)
    ]
    return handler if before and all(one.value is None or is_nothing(one.value) for one in before) else None


def _in_try(handler: Handler, put: Assign) -> bool:
    return handler.parent is not None and inside(put, handler.parent)


def _is(target: Expr | None, name: str) -> bool:
    return isinstance(target, Name) and target.id == name


def _asked_between(function: Function, attempt: Try, answer: Return, name: str) -> bool:
    """Tell whether somebody asks for the name, or fills it, between an attempt and the answer."""
    for one in find(function.body, Name, into_functions=False):
        if one.id != name or not behind(one, attempt) or inside(one, answer):
            continue
        if isinstance(one.parent, Assign) and one.parent.target is one:
            return True
        if any(inside(one, test.test) for test in find(function.body, If, into_functions=False)):
            return True
    return any(inside(answer, test) for test in find(function.body, If)) or function_of(answer) is not function
