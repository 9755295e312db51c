"""Whether a function that stands in another one is only used while that one runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Cast, Function, Name
from reviewer.code.walk import ancestors, function_of, walk

if TYPE_CHECKING:
    from reviewer.code.syntax import Expr, Node

AT_ONCE: Final = frozenset(
    "forEach map filter reduce reduceRight flatMap some every find findIndex sort toSorted replace replaceAll then "
    "catch finally sorted min max".split()
)
"""Calls that are done with what they are handed before whoever waits for them goes on."""
_DECLARED: Final = frozenset({"function_declaration", "generator_function_declaration", "function_definition"})
"""How the parsers call a function that has a name of its own."""
_MOST: Final = 40
"""Uses of one name that are looked at."""


def stays(function: Function, home: Function) -> bool:
    """Tell whether a function inside another one is called by that one alone, and so is gone when that one is done.

    It gets out where it is returned, kept in something, or handed to a call that nobody waits for.
    """
    return _stays(function, home, set())


def _stays(function: Function, home: Function, seen: set[int]) -> bool:
    inner = function
    while inner.outer is not None and inner.outer is not home:
        inner = inner.outer
    if inner.outer is not home or inner.decorators or inner.owner is not None:
        return False
    if id(inner) in seen:
        return True
    seen.add(id(inner))
    around = _around(inner)
    if isinstance(around, Call):
        return around.callee is inner or _is_waited_for(around, home)
    named = around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else ""
    if not named and inner.raw.type in _DECLARED:
        named = inner.name
    if not named:
        return False
    uses = [node for node in walk(home.body) if isinstance(node, Name) and node.id == named]
    own = around.target if isinstance(around, Assign) else None
    return len(uses) < _MOST and all(_is_called(use, inner, home, seen) for use in uses if use is not own)


def _is_called(use: Name, inner: Function, home: Function, seen: set[int]) -> bool:
    """Tell whether a name is used to call what it stands for, by the outer function or by what stays in it."""
    around = _around(use)
    if not isinstance(around, Call) or not (around.callee is use or _is_waited_for(around, home)):
        return False
    where = function_of(use)
    return where is not None and (where is home or where is inner or _stays(where, home, seen))


def _is_waited_for(call: Call, home: Function) -> bool:
    """Tell whether a call is done with what it is handed before the outer function is."""
    if call.name in AT_ONCE:
        return True
    return any(isinstance(one, Await) and function_of(one) is home for one in ancestors(call))


def _around(node: Node | Expr) -> Node | None:
    around = node.parent
    while isinstance(around, Cast):
        around = around.parent
    return around
