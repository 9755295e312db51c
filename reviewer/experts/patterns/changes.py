"""What a node changes: the variable or the field whose value, or whose contents, are others afterwards."""

from __future__ import annotations

from typing import Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Delete, Expr, Index, Member, Name, Node, Unary

CHANGING: Final = frozenset(
    "set add push append unshift insert extend update delete pop remove discard clear splice shift setdefault "
    "appendleft popleft put subtract".split()
)
"""Methods by which collections change."""

CHANGES: Final = (Assign, Unary, Delete, Call)
"""Nodes that can change something."""


def changed_root(node: Node) -> Name | Member | None:
    """Return the name, ``this.x`` or ``Class.x`` that a node assigns, or whose contents it changes; else None."""
    target: Expr | None = None
    if isinstance(node, Assign) and not node.declare:
        target = node.target
    elif isinstance(node, Unary) and node.op in ("++", "--", "delete"):
        target = node.operand
    elif isinstance(node, Delete) and node.targets:
        target = node.targets[0]
    elif isinstance(node, Call) and node.name in CHANGING and node.receiver is not None:
        target = node.receiver
    while isinstance(target, Member | Index):
        if is_this_member(target) or (isinstance(target, Member) and _is_class(target.object)):
            return target if isinstance(target, Member) else None
        target = target.object
    return target if isinstance(target, Name) else None


def _is_class(expr: Expr) -> bool:
    return isinstance(expr, Name) and expr.id[:1].isupper() and not expr.id.isupper()
