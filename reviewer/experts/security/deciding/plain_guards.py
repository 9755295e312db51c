"""Guards by what they do: functions that only ask about what they are told, and throw after a no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Literal,
    Name,
    Return,
    Throw,
    Try,
    strip,
)
from reviewer.code.walk import find, names_in
from reviewer.experts.paths import path_words
from reviewer.experts.security.deciding.asked_to_refuse import asked_to_refuse, says_refused
from reviewer.experts.security.deciding.entries import membership
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_OF_GUARD: Final = 4
_NOTES: Final = AUDITS | {"log", "logger", "logs", "note", "record", "warn", "warning", "info", "debug", "append"}
"""Words of a call that writes down what was asked."""


def only_refuses(function: Function) -> bool:
    """Tell whether a function does nothing but to ask about what it is given, to note the answer, and to throw."""
    if function.signature_only or not function.params or len(function.body) > _MOST_OF_GUARD:
        return False
    given = {param.name for param in function.params}
    refusing = [
        test
        for test in function.body
        if isinstance(test, If) and any(isinstance(one, Throw) for one in (*test.body, *test.orelse))
    ]
    asked = asked_to_refuse(function.module) if len(refusing) == 1 else frozenset()
    if not any(
        call.name in asked and names_in(call.args) & given for test in refusing for call in find(test.test, Call)
    ):
        return False
    for statement in function.body:
        call = strip(statement.value) if isinstance(statement, ExprStatement) else None
        if statement in refusing or (isinstance(call, Assign) and isinstance(call.target, Name)):
            continue
        noted = isinstance(call, Call) and (call.receiver is not None) and path_words(call.callee) & _NOTES
        if not noted and not isinstance(call, Literal):  # a docstring
            return False
    return not any(answer.value is not None for answer in returns_of(function))


def hands_to_guard(function: Function, guards: Callable[[Call], bool]) -> bool:
    """Tell whether a function only hands on what it is given to one that throws, and notes the answer.

    ``try: policy.demand(who, right) except Refused: trail.note(…); raise``, and the other answer behind it.
    """
    if function.signature_only or not function.params or len(function.body) > _MOST_OF_GUARD:
        return False
    given = {param.name for param in function.params}
    asked = False
    for statement in function.body:
        if isinstance(statement, Try):
            if not all(any(isinstance(one, Throw) for one in handler.body) for handler in statement.handlers):
                return False
            parts = [*statement.body, *statement.orelse, *statement.final]
        else:
            parts = [statement]
        for part in parts:
            call = strip(part.value) if isinstance(part, ExprStatement) else None
            if isinstance(call, Call) and guards(call) and len(names_in(call.args) & given) > 1:
                asked = True
            elif not isinstance(call, Literal) and not (isinstance(call, Call) and path_words(call.callee) & _NOTES):
                return False
    return asked


def gives_after_refusing(function: Function) -> bool:
    """Tell whether a function gives what it keeps to those alone who hold what it is told: ``self._with(right)``."""
    body = function.body if not function.signature_only and len(function.params) == 1 else []
    first = body[0] if len(body) == 2 else None
    if not isinstance(first, If) or not isinstance(body[1], Return) or not is_this_member(body[1].value):
        return False
    sought = (membership(part) for part in find(first.test, Expr))
    told = any(isinstance(part, Name) and part.id == function.params[0].name for _whole, part in sought)
    return told and isinstance(first.body[-1], Throw) and says_refused(first.body)
