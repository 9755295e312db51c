"""Edits that are safe by themselves: the smallest change of the text that takes a finding away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Await, ExprStatement, Imported
from reviewer.code.walk import function_of
from reviewer.core.location import Edit, Location
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Expr, Node


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


def slept(module: Module, call: Call) -> tuple[Edit, ...]:
    """Return the edit that makes ``time.sleep(x)`` an awaited ``asyncio.sleep(x)``, where that is safe.

    The call stands alone in an asynchronous function, and the module imports asyncio under its own name.
    """
    function = function_of(call)
    bound = module.scopes.lookup("asyncio", call)
    known = [binding for binding in bound if isinstance(binding, Imported) and binding.source == "asyncio"]
    if len(known) != 1 or len(bound) != 1 or module.resolve(call.callee) != "time.sleep":
        return ()
    if function is None or not function.asynchronous:
        return ()
    return replace(module, call.callee, "await asyncio.sleep") if isinstance(call.parent, ExprStatement) else ()
