"""SEC036: a condition that a stray constant makes true for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assert,
    Binary,
    Conditional,
    Expr,
    If,
    Literal,
    Node,
    Return,
    Unary,
    While,
    uncast,
)
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMPARES: Final = frozenset({"==", "!=", "in", "not in"})


@module_check("SEC036")
def constant_condition(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find ``role == "admin" or "owner"`` and ``role in ("admin")``."""
    if module.is_test:
        return
    for node in module.all(Binary):
        if node.op == "or" and _compared(node) and _decides(node):
            yield Match(
                node,
                f"'{short(module.text_of(node))}' is always true: the text behind 'or' counts by itself and isn't "
                "compared with anything.",
            )
        elif node.op in ("in", "not in") and module.language == "python" and _bare_text(module, node.right):
            yield Match(
                node,
                f"'{short(module.text_of(node.right))}' is a text in parentheses and no tuple: every part of it is "
                "found in it, the empty text, too.",
            )


def _compared(node: Binary) -> bool:
    """Tell whether one side is a comparison with a text, and the other a text alone."""
    sides = (uncast(node.left), uncast(node.right))
    return any(_is_text(one) and _compares_text(other) for one, other in (sides, sides[::-1]))


def _compares_text(expr: Expr) -> bool:
    if isinstance(expr, Binary) and expr.op == "or":
        return _compares_text(uncast(expr.left)) or _compares_text(uncast(expr.right))
    if not isinstance(expr, Binary) or expr.op not in _COMPARES:
        return False
    return _is_text(uncast(expr.right)) or isinstance(uncast(expr.right), Array) or expr.op == "=="


def _is_text(expr: Expr) -> bool:
    return isinstance(expr, Literal) and isinstance(expr.value, str) and bool(expr.value)


def _decides(node: Node) -> bool:
    """Tell whether an expression is a condition or an answer, and not a value with a default."""
    for around in ancestors(node):
        if isinstance(around, If | Conditional | Return | While | Assert):
            return True
        if not isinstance(around, Binary | Unary) or around.op not in ("and", "or", "not"):
            return False
    return False


def _bare_text(module: Module, right: Expr) -> bool:
    if not _is_text(right) or not str(right.value).isidentifier():  # type: ignore[attr-defined]  # a literal
        return False
    around = right.raw.parent
    return around is not None and around.type == "parenthesized_expression"
