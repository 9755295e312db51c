"""Whether a condition only asks of which form a value is: what is refused then was never about a right."""

from __future__ import annotations

from typing import Final

from reviewer.code.syntax import Binary, Call, Expr, Literal, Member, Name, Unary, strip
from reviewer.code.text.words import words

_FORM: Final = frozenset(
    "fullmatch match test isalnum isidentifier isalpha isdecimal isdigit isinstance isInteger isSafeInteger isFinite "
    "isArray is_absolute isAbsolute".split()
)
"""Calls that ask of which form a value is, or of which type."""
_SIZES: Final = frozenset({"len", "byteLength", "length"})


def asks_of_form(test: Expr) -> bool:
    """Tell whether every part of a condition is about the form, the type or the size of a value."""
    part = strip(test)
    if isinstance(part, Unary):
        return part.op == "typeof" or (part.op == "not" and asks_of_form(part.operand))
    if isinstance(part, Call):
        return part.name in _FORM
    if not isinstance(part, Binary):
        return False
    if part.op in ("and", "or"):
        return asks_of_form(part.left) and asks_of_form(part.right)
    sides = (strip(part.left), strip(part.right))
    sized = any(map(_is_size, sides)) and any(map(_is_bound, sides))
    return sized or any(isinstance(side, Unary) and side.op == "typeof" for side in sides)


def _is_size(side: Expr) -> bool:
    return isinstance(side, Call | Member) and side.name in _SIZES


def _is_bound(side: Expr) -> bool:
    """Tell whether a value is a number that is written out, or a constant that bounds something."""
    if isinstance(side, Literal):
        return isinstance(side.value, int)
    named = side.id if isinstance(side, Name) else side.name if isinstance(side, Member) else ""
    return named.isupper() or bool({"max", "limit", "most", "largest", "min"} & set(words(named)))
