"""PAT021: a health check that asks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Await,
    Call,
    Comprehension,
    Expr,
    ExprStatement,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Try,
    strip,
)
from reviewer.code.walk import find, statement_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NAMES: Final = frozenset(
    "health healthz healthcheck ishealthy checkhealth gethealth healthstatus ready readyz isready readiness "
    "checkreadiness readinessprobe pluginhealth".split()
)
_STATES: Final = frozenset({"state", "status", "of", "check", "report"})
"""First words of a method that says how things stand, in a class about health."""
_PATHS: Final = ("/health", "/healthz", "/ready", "/readyz", "/readiness", "/status/health")
_HARMLESS: Final = frozenset(
    "send json end status resolve dict type JSONResponse Response jsonify stringify writeHead now uptime toISOString "
    "text Date time json_response".split()
)
"""Calls that only send an answer, or say what time it is."""
_COUNTS: Final = frozenset({"len", "count", "keys", "values", "sum"})
_NO_STATE: Final = frozenset({"started", "start", "since", "version", "name", "id", "uptime", "boot"})
"""Words of what an answer may hold that is the same, however things stand."""
_VERDICTS: Final = ("ok", "healthy", "ready", "up", "status")
"""Keys under which an answer says how things stand."""
_GOOD: Final = frozenset({"ok", "healthy", "up", "pass", "ready", "green", "good", "alive", "online"})


@module_check("PAT021", words={"health", "healthz", "healthy", "healthcheck", "ready", "readyz", "readiness"})
def health_always_ok(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where the answer about health is a constant."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or not _about_health(function) or not function.body:
            continue
        yield from _said_by_nobody(function)
        constant = _well_whatever_was_caught(function)
        if constant is not None:
            yield Match(
                constant,
                f"'{_called(function)}' notes which of them failed, and says that all is well beside it, whatever was "
                "noted: who looks at the answer alone sees no failure.",
            )
            continue
        answer = _only_answer(function)
        if answer is not None and _says_well(answer):
            yield Match(
                answer,
                f"'{_called(function)}' answers that all is well whatever has happened: a host whose plugins are all "
                "down is still sent requests.",
            )


def _said_by_nobody(function: Function) -> Iterator[Match]:
    """Yield where all that answered have to be well, and those that did not answer were left out before."""
    module = function.module
    for call in find(function.body, Call):
        if call.name == "every" and isinstance(strip(call.receiver) if call.receiver else None, Name):
            asked = strip(call.receiver) if call.receiver is not None else None
        elif call.name == "all" and call.receiver is None and len(call.args) == 1:
            given = strip(call.args[0])
            asked = strip(given.clauses[0][1]) if isinstance(given, Comprehension) and given.clauses else given
        else:
            continue
        if not isinstance(asked, Name) or not _without_the_silent(module, asked):
            continue
        around = statement_of(call)
        whole = module.text_of(around) if around is not None else ""
        tested = any(asked.id in module.text_of(one.test) for one in find(function.body, If))
        if tested or f"{asked.id}.length" in whole or f"len({asked.id})" in whole:
            continue
        yield Match(
            call,
            f"'{asked.id}' holds only those that answered: where none did, all of none are well, and "
            f"'{_called(function)}' says that everything is.",
        )


def _without_the_silent(module: Module, asked: Name) -> bool:
    """Tell whether a list is what was left of answers after the failures were taken out of it."""
    made = module.scopes.origin(asked)
    text = module.text_of(made)[:400] if isinstance(made, Expr) else ""
    left_out = isinstance(made, Comprehension) and bool(made.tests)
    left_out = left_out or (isinstance(made, Call) and made.name in ("filter", "flatMap"))
    return left_out and any(sign in text for sign in ("fulfilled", "Exception", "is not None", "undefined", "null"))


def _well_whatever_was_caught(function: Function) -> Expr | None:
    """Return the constant verdict of a function that catches the failures of those that it asks."""
    if not any(handler.body for one in find(function.body, Try) for handler in one.handlers):
        return None
    said = [
        (made, value)
        for made in find(function.body, Object)
        for key in _VERDICTS
        if (value := made.get(key)) is not None and isinstance(made.parent, Return | Call)
    ]
    if not said or not all(_is_good(value) for _made, value in said):
        return None
    turned = any(isinstance(part, Literal) and part.value in (500, 502, 503) for part in walk(function.body))
    return None if turned else said[-1][0]


def _is_good(value: Expr) -> bool:
    made = strip(value)
    return isinstance(made, Literal) and (made.value is True or str(made.value).lower() in _GOOD)


def _called(function: Function) -> str:
    return function.name or "the health route"


def _about_health(function: Function) -> bool:
    parts = spelled(function.name)
    if parts and "".join(parts[:-1] if len(parts) > 1 else parts) in _NAMES:
        return True
    if parts and parts[0] in _STATES and function.owner is not None and "health" in spelled(function.owner.name):
        return True
    if isinstance(function.parent, Call):
        return any(isinstance(arg, Literal) and arg.value in _PATHS for arg in function.parent.args)
    return any(
        isinstance(arg, Literal) and arg.value in _PATHS
        for decorator in function.decorators
        if isinstance(decorator, Call)
        for arg in decorator.args
    )


def _only_answer(function: Function) -> Expr | None:
    """Return the one thing that a function does: what it returns or sends; None where it looks at anything."""
    answers: list[Expr] = []
    for statement in function.body:
        if isinstance(statement, Return) and statement.value is not None:
            answers.append(strip(statement.value))
        elif isinstance(statement, ExprStatement):
            value = strip(statement.value)
            if isinstance(value, Literal):
                continue  # a docstring
            if not isinstance(value, Call) or value.name not in ("send", "json", "end", "writeHead", "status", "type"):
                return None
            answers.append(value)
        elif isinstance(statement, If) or not isinstance(statement, Return):
            return None
    if not answers or any(_looks(answer) and not _verdict_apart(answer) for answer in answers):
        return None
    return answers[-1]


def _verdict_apart(answer: Expr) -> bool:
    """Tell whether an answer says ``ok: true`` as it is written, beside numbers that it reads off."""
    if not isinstance(answer, Object) or any(isinstance(part, Await) for part in walk(answer)):
        return False
    if any(isinstance(part, Call) and part.name not in _HARMLESS | _COUNTS for part in walk(answer)):
        return False
    said = (answer.get(key) for key in _VERDICTS)
    return any(
        isinstance(value, Literal) and (value.value is True or str(value.value).lower() in _GOOD) for value in said
    )


def _looks(answer: Node) -> bool:
    """Tell whether an answer is made of anything that could change with the state of the host."""
    for part in walk(answer):
        if isinstance(part, Await):
            return True
        if isinstance(part, Call) and part.name not in _HARMLESS:
            return True
        if isinstance(part, Member) and not set(spelled(part.name)) & _NO_STATE and _is_read(part):
            return True
    return False


def _is_read(member: Member) -> bool:
    """Tell whether a member is state: one of the object, or one of a variable that is read and not called."""
    called = isinstance(member.parent, Call) and member.parent.callee is member
    return is_this_member(member) or (not called and isinstance(strip(member.object), Name))


def _says_well(answer: Expr) -> bool:
    for part in walk(answer):
        key = isinstance(part.parent, Object) and any(part is name for name, _ in part.parent.entries)
        if isinstance(part, Literal) and isinstance(part.value, str) and part.value.lower() in _GOOD and not key:
            return True
        if isinstance(part, Object) and any(
            isinstance(value, Literal) and value.value is True
            for key in ("ok", "healthy", "ready", "up")
            if (value := part.get(key))
        ):
            return True
    return isinstance(answer, Literal) and answer.value is True
