"""Questions about a node that many checks ask: answered once for each node of a module."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

from reviewer.code.syntax import Node

if TYPE_CHECKING:
    from reviewer.code.module import Module

_N = TypeVar("_N", bound=Node)
_T = TypeVar("_T")


def remembered(work: Callable[[Module, _N], _T]) -> Callable[[Module, _N], _T]:
    """Keep what a function says of the nodes of a module in the module's memory.

    Only nodes that have a place in the order of their module are remembered: what somebody made
    up for a moment may have its identity taken over by the next. A question that comes up while its
    own answer is worked out, as in ``class Shelf(self.kind)``, has the answer None.
    """
    question = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def ask(module: Module, node: _N) -> _T:
        try:
            place = node.start
        except AttributeError:
            return work(module, node)
        known = cast("dict[int, _T]", module.memory.setdefault(question, {}))
        if place not in known:
            asked = cast("set[int]", module.memory.setdefault(f"{question} is asked", set()))
            if place in asked:
                return cast("_T", None)
            asked.add(place)
            try:
                known[place] = work(module, node)
            finally:
                asked.discard(place)
        return known[place]

    return ask
