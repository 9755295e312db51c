"""Edits that are safe by themselves: the smallest change of the text that takes a finding away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Await
from reviewer.code.walk import function_of
from reviewer.core.location import Edit, Location
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node


def replace(module: Module, node: Node, text: str) -> tuple[Edit, ...]:
    """Return the edit that puts a text in the place of a node."""
    return (Edit(locate(module, node), text),)


def insert_before(module: Module, node: Node, text: str) -> tuple[Edit, ...]:
    """Return the edit that puts a text before a node."""
    place = locate(module, node)
    return (Edit(Location(place.path, place.line, place.column, place.line, place.column), text),)


def awaited(module: Module, expr: Expr) -> tuple[Edit, ...]:
    """Return the edit that awaits an expression; none where its function can't await or it stands inside a chain.

    An ``await`` before a call binds weaker than a member taken of it, so only a call that nothing is
    taken of gets one.
    """
    function = function_of(expr)
    if function is None or not function.asynchronous or isinstance(expr.parent, Await):
        return ()
    parent = expr.parent
    if parent is not None and getattr(parent, "object", None) is expr:
        return ()
    return insert_before(module, expr, "await ")
