"""What one expression is put together of, as far as its own text says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Conditional,
    Expr,
    For,
    Imported,
    Member,
    Name,
    Node,
    Object,
    Opaque,
    Return,
    Spread,
    Template,
    With,
    Yield,
)
from reviewer.code.walk import walk
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.receivers import adds_number

if TYPE_CHECKING:
    from reviewer.code.module import Module

_JOINS = frozenset({"+", "%", "??", "or", "and", "/", "|"})
"""Operators whose result holds something of both sides."""


def pieces_of(module: Module, expr: Node) -> list[Expr] | None:
    """Return the expressions that a value is made of; None where its kind says nothing about that."""
    if isinstance(expr, Template):
        return expr.holes
    if isinstance(expr, Binary):
        return [expr.left, expr.right] if expr.op in _JOINS and not adds_number(module, expr) else []
    if isinstance(expr, Conditional):
        return [part for part in (expr.then, expr.other) if not limited(module, [part], part)]
    if isinstance(expr, Array):
        return expr.items
    if isinstance(expr, Object):
        return [value for _key, value in expr.entries]
    if isinstance(expr, Spread | Yield | Return | Assign):
        return [expr.value] if expr.value is not None else []
    if isinstance(expr, Comprehension):
        return [expr.element]
    if isinstance(expr, Opaque):
        return [item for item in expr.items if isinstance(item, Expr)]
    return None


def sources_of(binding: For | With | Comprehension) -> list[Expr | None]:
    """Return what the variables of a loop, a context manager or a comprehension are given from."""
    if isinstance(binding, For):
        return [binding.iterable]
    if isinstance(binding, With):
        return [value for value, _target in binding.items]
    return [iterable for _target, iterable in binding.clauses]


def written_out(module: Module, expr: Member) -> bool:
    """Tell whether the settings that a member belongs to are a constant of the file."""
    node: Expr = expr
    while isinstance(node, Member):
        node = node.object
    origin = module.scopes.origin(node)
    if isinstance(origin, Imported | Class) and expr.object is node:
        held = definition(module, expr) if expr.name.isupper() else None
        return isinstance(held, Expr) and not any(isinstance(part, Call | Name) for part in walk(held))
    return isinstance(origin, Object) and not any(isinstance(part, Call) for part in walk(origin))
