"""What a node binds in the scope that it stands in."""

from __future__ import annotations

from typing import Final, TypeAlias

from reviewer.code.syntax import (
    Assign,
    Class,
    Comprehension,
    Expr,
    For,
    Function,
    Handler,
    Import,
    Imported,
    Literal,
    Name,
    Node,
    Param,
    With,
)
from reviewer.code.walk import walk

Binding: TypeAlias = "Assign | Param | Imported | Function | Class | For | Handler | With | Comprehension"
"""What gives a name its value."""


def param_names(param: Param) -> list[str]:
    """Return the names that a parameter binds: its own, or those that a pattern takes out."""
    names = [param.name] if param.name else []
    names.extend(param.fields.values())
    return names


_OWN_NAME: Final = frozenset({"function_expression", "function", "generator_function"})
"""Functions whose name is known in themselves alone: ``{ indent: function indent() {} }``."""
BINDING: Final = (Assign, Function, Class, Import, For, Handler, With, Comprehension)
"""Nodes that can bind a name."""


def bound(node: Node) -> list[tuple[str, Binding]]:
    """Return the names that a node binds in the scope that it stands in."""
    if isinstance(node, Assign):
        return [(node.target.id, node)] if isinstance(node.target, Name) and node.target.id != "this" else []
    if isinstance(node, Function):
        named = node.name and node.owner is None and node.kind == "function" and node.raw.type not in _OWN_NAME
        return [(node.name, node)] if named else []
    if isinstance(node, Class):
        return [(node.name, node)] if node.name else []
    if isinstance(node, Import):
        return [(name.local, name) for name in node.names if not name.lent]
    if isinstance(node, For):
        return [(name.id, node) for name in _target_names(node.target)]
    if isinstance(node, Handler):
        return [(node.name, node)] if node.name else []
    if isinstance(node, With):
        return [(name.id, node) for _, target in node.items for name in _target_names(target)]
    if isinstance(node, Comprehension):
        return [(name.id, node) for target, _ in node.clauses for name in _target_names(target)]
    return []


def _target_names(target: Expr | None) -> list[Name]:
    return [node for node in walk(target or (), into_functions=False) if isinstance(node, Name)]


def is_still_empty(expr: Expr | None) -> bool:
    """Tell whether a value says only that there is nothing yet."""
    return expr is None or (isinstance(expr, Literal) and expr.value is None)


def filled(bindings: list[Binding], use: Expr) -> list[Binding]:
    """Return the one assignment before a use that gives a variable more than nothing; none where there are several.

    One behind it is that of an earlier turn of a loop.
    """
    given = [one for one in bindings if not (isinstance(one, Assign) and is_still_empty(one.value))]
    return (
        [one for one in given if isinstance(one, Assign) and one.raw.start_byte < use.raw.start_byte]
        if len(given) == 1
        else []
    )
