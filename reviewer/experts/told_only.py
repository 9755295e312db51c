"""Code that only tells of something, and does nothing about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Binary, Call, Conditional, ExprStatement, If, Jump, Unary, While, strip
from reviewer.code.text.words import words

if TYPE_CHECKING:
    from reviewer.code.syntax import Node

_TELLS: Final = frozenset(
    "log warn warning info debug error exception critical fatal print report trace note tell".split()
)
"""Words of what only tells something."""


def only_tells(statement: Node) -> bool:
    """Tell whether a statement does nothing but call one function that tells something, on a condition or not."""
    if isinstance(statement, If):
        return all(map(only_tells, [*statement.body, *statement.orelse]))
    if isinstance(statement, Jump):
        return statement.kind == "continue"
    value = strip(statement.value) if isinstance(statement, ExprStatement) else None
    return isinstance(value, Call) and tells(value)


def tells(call: Call) -> bool:
    """Tell whether a call only tells something: ``log(…)``, ``console.warn(…)``, ``self._logger.exception(…)``."""
    return not _TELLS.isdisjoint(words(call.name)[:1])


def is_only_told(test: Node) -> bool:
    """Tell whether nothing hangs on a test but that something is told: ``if (queue.length > MOST) log("behind")``."""
    inner, around = test, test.parent
    while isinstance(around, Binary | Unary):
        inner, around = around, around.parent
    if not isinstance(around, If) or around.test is not inner:
        return False
    return not around.orelse and not exits(around.body) and only_tells(around)


def is_weighed(count: Node) -> bool:
    """Tell whether something hangs on how much there is, and it is not only told: ``if (kept.size > MOST)``."""
    around = count.parent
    while isinstance(around, Unary):
        around = around.parent
    return isinstance(around, Binary | If | While | Conditional | Assign)
