"""Functions that do nothing but refuse: guards, whatever they and what they guard are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    ExprStatement,
    Function,
    If,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Throw,
    strip,
)
from reviewer.code.walk import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.syntax import Statement


def only_refuses(function: Function) -> bool:
    """Tell whether a function only looks at what it is given, and throws: it gives nothing back and does nothing.

    What it does on the way to an error, such as a line of a log, is a part of the refusal.
    """
    thrown = any(True for _ in find(function.body, Throw, into_functions=False))
    return thrown and not function.signature_only and bool(function.params) and only_looks(function.body)


def only_looks(statements: Sequence[Statement]) -> bool:
    """Tell whether statements do nothing but look at values, and throw or end."""
    if exits(statements) and any(isinstance(one, Throw) for one in statements):
        return all(not isinstance(one, Return) for one in statements)
    for one in statements:
        if isinstance(one, Return):
            if one.value is not None:
                return False
        elif isinstance(one, If):
            if not only_looks(one.body) or not only_looks(one.orelse):
                return False
        elif isinstance(one, ExprStatement):
            if not _does_nothing(one):
                return False
        elif not isinstance(one, Throw):
            return False
    return True


def _does_nothing(statement: ExprStatement) -> bool:
    """Tell whether a statement names a value, or is a text such as a docstring."""
    value = statement.value
    if isinstance(value, Assign):
        made = strip(value.value) if value.value is not None else None
        if isinstance(made, Call) and _sends(made):
            return False
        return isinstance(value.target, Name) and isinstance(made, Call | Await | Member | Name | Literal)
    return isinstance(value, Literal)


def _sends(call: Call) -> bool:
    """Tell whether a request carries something to its server, and so is more than a question."""
    given = [strip(arg) for arg in call.args]
    return (
        "data" in call.keywords
        or "json" in call.keywords
        or any(isinstance(one, Object) and "body" in one.keys for one in given)
    )


def always_throws(function: Function) -> bool:
    """Tell whether a function does nothing in the end but throw: ``refuse(act, place)``."""
    return (
        bool(function.body)
        and isinstance(function.body[-1], Throw)
        and not any(True for _ in find(function.body, Return, into_functions=False))
    )
