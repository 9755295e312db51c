"""LIF185: a generator closes what it reads from only when its reader comes to the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    ExprStatement,
    For,
    Function,
    Index,
    Name,
    Statement,
    While,
    With,
    Yield,
    strip,
)
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_CLOSES: Final = frozenset(
    "close release destroy dispose end disconnect terminate kill unlock aclose cancel stop quit".split()
)


@module_check("LIF185", words=_CLOSES)
def generator_closes_late(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each generator for a release that stands behind a loop which gives its values out."""
    if module.is_test:
        return
    for function in module.functions:
        if function.generator and not function.decorators:
            yield from _behind_the_loop(module, function)


def _behind_the_loop(module: Module, function: Function) -> Iterator[Match]:
    opened = {
        one.target.id: position
        for position, statement in enumerate(function.body)
        for one in _made(statement)
        if isinstance(one.target, Name)
    }
    for position, statement in enumerate(function.body):
        released = _released(statement)
        if not isinstance(released, Name) or opened.get(released.id, position) >= position:
            continue
        between = function.body[opened[released.id] + 1 : position]
        if any(isinstance(one, For | While) and next(find(one, Yield, into_functions=False), None) for one in between):
            yield Match(
                statement,
                f"'{released.id}' is closed only when everything was read: whoever leaves the loop early, or an error "
                f"in the middle, ends '{function.name or 'the generator'}' at its yield, and it stays open.",
                fix="Put the loop into a try and the release into its finally.",
            )
            return


def _made(statement: Statement) -> list[Assign]:
    """Return the assignments of locals that hold what a call gave; those inside a ``with`` for a deadline, too."""
    inner = statement.body if isinstance(statement, With) else [statement]
    given = [one.value if isinstance(one, ExprStatement) else one for one in inner]
    return [one for one in given if isinstance(one, Assign) and one.value is not None and _is_made(one.value)]


def _is_made(value: Expr) -> bool:
    """Tell whether a value is what a call gave, or a part of that: ``reader, writer = await open_connection()``."""
    value = strip(value)
    return isinstance(strip(value.object) if isinstance(value, Index) else value, Call)


def _released(statement: Statement) -> Name | None:
    value = statement.value if isinstance(statement, ExprStatement) else None
    call = value.value if isinstance(value, Await) else value
    if not isinstance(call, Call) or call.name not in _CLOSES or call.receiver is None:
        return None
    holder = strip(call.receiver)
    return holder if isinstance(holder, Name) else None
