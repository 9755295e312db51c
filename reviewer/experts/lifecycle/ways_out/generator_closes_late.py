"""LIF185: a generator closes what it reads from only when its reader comes to the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, ExprStatement, For, Function, Name, Statement, While, Yield, strip
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module

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
        for one in [_made(statement)]
        if one is not None and isinstance(one.target, Name)
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


def _made(statement: Statement) -> Assign | None:
    """Return the assignment of a local that holds what a call gave."""
    one = statement.value if isinstance(statement, ExprStatement) else statement
    if not isinstance(one, Assign) or one.value is None:
        return None
    return one if isinstance(strip(one.value), Call) else None


def _released(statement: Statement) -> Name | None:
    value = statement.value if isinstance(statement, ExprStatement) else None
    call = value.value if isinstance(value, Await) else value
    if not isinstance(call, Call) or call.name not in _CLOSES or call.receiver is None:
        return None
    holder = strip(call.receiver)
    return holder if isinstance(holder, Name) else None
