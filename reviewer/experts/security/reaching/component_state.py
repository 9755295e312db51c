"""What a component's state is set to: the arguments of the setter that stands beside it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Index, Name, strip
from reviewer.code.walk import find, function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Expr

_MOST: Final = 8
"""Calls of one setter that are looked at."""


def state_values(module: Module, state: Assign, made: Call) -> Iterator[Expr]:
    """Yield what the setter of ``const [html, setHtml] = useState()`` is called with."""
    function = function_of(state)
    for other in find(function.body if function is not None else module.body, Assign, into_functions=False):
        taken = strip(other.value) if other.value is not None else None
        beside = isinstance(taken, Index) and strip(taken.object).raw == made.raw and other is not state
        if beside and isinstance(other.target, Name):
            for call in islice(module.calls((other.target.id,)), _MOST):
                if call.receiver is None and call.args:
                    yield call.args[0]
