"""How often a generator yields that is to yield once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits
from reviewer.code.syntax import For, Function, If, Try, While, With, Yield
from reviewer.code.walk import ancestors, find

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.syntax import Statement


def second_yield(body: Sequence[Statement]) -> Yield | None:
    """Return a yield that surely comes after another one, or stands in a loop that goes round."""
    seen = False
    for statement in body:
        here = _sure(statement)
        if here is not None and seen:
            return here
        inner = next((one for part in _parts(statement) if (one := second_yield(part)) is not None), None)
        if inner is not None:
            return inner
        seen = seen or here is not None
        if isinstance(statement, For | While) and here is None and not exits(statement.body):
            looped = next(find(statement, Yield, into_functions=False), None)
            if looped is not None and not _left(statement):
                return looped
    return None


def _sure(statement: Statement) -> Yield | None:
    """Return a yield that runs whenever a statement does."""
    if isinstance(statement, If | For | While | Function):
        return None
    if isinstance(statement, Try):
        return next((one for inner in statement.body if (one := _sure(inner)) is not None), None)
    if isinstance(statement, With):
        return next((one for inner in statement.body if (one := _sure(inner)) is not None), None)
    return next(find(statement, Yield, into_functions=False), None)


def _parts(statement: Statement) -> Iterator[Sequence[Statement]]:
    if isinstance(statement, With | Try):
        yield statement.body


def _left(loop: Statement) -> bool:
    """Tell whether a loop may be left after a yield in it."""
    yields = find(loop, Yield, into_functions=False)
    return any(exits(getattr(around, "body", [])) for one in yields for around in ancestors(one))
