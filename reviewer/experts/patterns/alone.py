"""Whether a stretch of code runs alone: under a lock, or as the only one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, ExprStatement, Function, If, Member
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from reviewer.code.module import Module

_KEEPS_OUT: Final = frozenset(
    "lock locks locked mutex semaphore queue queued serial serialize serialise serialized chain tail exclusive "
    "transaction atomic atomically turn turnstile cas swap version etag revision pending busy limiter "
    "migrate migration".split()
)
"""Words of code that lets one change through at a time."""


def alone(module: Module, function: Function) -> bool:
    """Tell whether something lets one change through at a time: here, or where the function is called."""
    said = said_in(function.body) | set(words(function.name))
    if said & _KEEPS_OUT or _takes_a_flag(function):
        return True
    for call in list(module.calls((function.name,)))[:20] if function.name else ():
        around = function_of(call)
        if around is not None and said_in(around.body) & _KEEPS_OUT:
            return True
        if any(isinstance(one, Call) and set(words(one.name)) & (_KEEPS_OUT | {"then"}) for one in ancestors(call)):
            return True
    return any(isinstance(one, Call) and set(words(one.name)) & (_KEEPS_OUT | {"then"}) for one in ancestors(function))


def _takes_a_flag(function: Function) -> bool:
    """Tell whether a function leaves early unless a field is set, and changes that field before it waits at all.

    A second run goes no further then than the first question: ``if (!this.changed) return; this.changed = false``.
    """
    asked: set[str] = set()
    for statement in function.body:
        if isinstance(statement, If) and not statement.orelse and exits(statement.body):
            asked |= {one.name for one in find(statement.test, Member) if is_this_member(one)}
        if next(find(statement, Await), None) is not None:
            return False
        made = statement.value if isinstance(statement, ExprStatement) else statement
        if isinstance(made, Assign) and is_this_member(made.target) and made.target.name in asked:
            return True
    return False
