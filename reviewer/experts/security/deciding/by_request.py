"""Answers that depend on nothing but on what is asked for: for some of it they are a yes, whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Literal, Name, Unary, strip
from reviewer.code.walk import find

if TYPE_CHECKING:
    from reviewer.code.syntax import Function

_BEGINS: Final = frozenset({"startsWith", "endsWith", "startswith", "endswith"})
_COMPARES: Final = frozenset({"==", "!=", "in", "not in"})


def is_by_request(function: Function, answer: Expr | None) -> bool:
    """Tell whether an answer only holds a parameter against texts: ``right.startswith("notes.")``."""
    value = strip(answer) if answer is not None else None
    if isinstance(value, Unary) and value.op == "not":
        value = strip(value.operand)
    compares = isinstance(value, Binary) and value.op in _COMPARES
    if value is None or not (compares or (isinstance(value, Call) and value.name in _BEGINS)):
        return False
    names = [name.id for name in find(value, Name)]
    texts = [one for one in find(value, Literal) if isinstance(one.value, str) and one.value]
    return bool(names) and bool(texts) and set(names) <= {param.name for param in function.params}
