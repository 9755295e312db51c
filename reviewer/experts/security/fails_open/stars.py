"""Whether code asks for the star of a grant before it takes what stands before it for a prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Index, Literal, Node, strip
from reviewer.code.walk import find, function_of

if TYPE_CHECKING:
    from reviewer.code.syntax import Function

_ASKS: Final = frozenset({"endsWith", "endswith", "includes", "indexOf", "test", "find", "at", "match", "fullmatch"})


def star_asked(at: Node) -> bool:
    """Tell whether a function, or one around it, asks whether a grant has a star."""
    function: Function | None = function_of(at)
    while function is not None:
        if any(_asks_in(call) for call in find(function.body, Call)):
            return True
        if any(_compares(two) for two in find(function.body, Binary)):
            return True
        function = function.outer
    return False


def _compares(two: Binary) -> bool:
    """Tell whether a star is sought in a text, or held against a part of one: ``grant[-1] == "*"``."""
    if two.op in ("in", "not in"):
        return _has_star(two.left)
    return two.op in ("==", "!=") and _has_star(two.right) and isinstance(strip(two.left), Call | Index)


def _asks_in(call: Call) -> bool:
    return call.name in _ASKS and any(_has_star(arg) for arg in call.args)


def _has_star(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, str) and "*" in node.value
