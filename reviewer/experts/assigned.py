"""What an assignment sets its target to, where that is a literal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Literal, strip

if TYPE_CHECKING:
    from reviewer.code.syntax import Assign


def assigns(assign: Assign, value: bool | int) -> bool:
    """Tell whether an assignment sets its target to this very literal, and does not change what is there."""
    given = strip(assign.value) if assign.value is not None else None
    same = isinstance(given, Literal) and type(given.value) is type(value) and given.value == value
    return same and assign.op == "="
