"""Answers that are awaited together with others, and of which one is never taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import Array, Assign, Call, Index, Literal, Name, Spread, strip
from reviewer.code.walk import find, function_of

if TYPE_CHECKING:
    from reviewer.code.syntax import Function, Node

_TOGETHER: Final = frozenset({"all", "allSettled", "gather"})
"""Calls that wait for several answers and give the list of them."""


def is_left_out(call: Call) -> bool:
    """Tell whether nobody takes an answer out of a list of answers: ``const [order] = await Promise.all([a, b])``."""
    listed = call.parent if isinstance(call.parent, Array) else None
    waits = listed.parent if listed is not None else call.parent
    if not isinstance(waits, Call) or waits.name not in _TOGETHER or waits.receiver is None:
        return False
    given = listed.items if listed is not None else waits.args
    place = next((at for at, one in enumerate(given) if one is call), -1)
    function = function_of(call)
    if place < 0 or function is None or any(isinstance(one, Spread) for one in given[: place + 1]):
        return False
    if use_of(waits).how == "dropped":
        return True
    taken = [one for one in find(function.body, Index) if strip(one.object) is waits]
    keys = [one.key.value for one in taken if isinstance(one.key, Literal)]
    if not taken or len(keys) < len(taken) or not all(isinstance(key, int) for key in keys):
        return False  # kept whole, or taken in a way that doesn't say which
    mine = [one for one in taken if isinstance(one.key, Literal) and one.key.value == place]
    return all(_is_never_read(one, function) for one in mine)


def _is_never_read(taken: Node, function: Function) -> bool:
    kept = taken.parent
    if not isinstance(kept, Assign) or not isinstance(kept.target, Name):
        return False
    return kept.target.id.startswith("_") and not any(
        one.id == kept.target.id and one is not kept.target for one in find(function.body, Name)
    )
