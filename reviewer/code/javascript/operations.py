"""Operators between two values in JavaScript and TypeScript, in chains of any length."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.code.form import build
from reviewer.code.syntax import Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node as RawNode

    from reviewer.code.javascript.lowering import JavaScriptLowering
    from reviewer.code.syntax import Expr

_OPERATORS: Final = {"===": "==", "!==": "!=", "&&": "and", "||": "or"}
_LONGEST: Final = 100
"""Operators that are nested in each other; what is longer is a list of what stands between them."""


def operation(low: JavaScriptLowering, raw: RawNode) -> Expr:
    """Lower ``a + b + c`` along its left edge, without descending for each operator."""
    chain: list[tuple[RawNode, str, RawNode | None]] = []
    current: RawNode | None = raw
    while current is not None and current.type == "binary_expression":
        operator = current.child_by_field_name("operator")
        chain.append((current, operator.type if operator else "", current.child_by_field_name("right")))
        current = current.child_by_field_name("left")
    chain.reverse()
    node = _leftmost(low, current)
    grouped = current is not None and current.type == "parenthesized_expression"
    if len(chain) > _LONGEST:
        return _long(low, raw, node, chain)
    for whole, operator_text, right in chain:
        joins = partial(_joined, whole, operator_text, right=low.expr(right), grouped=grouped)
        node = low.last_operands.join(whole, operator_text, node, joins)
        grouped = False
    return node


def _joined(raw: RawNode, operator: str, left: Expr, *, right: Expr, grouped: bool) -> Expr:
    if operator == "+":
        return build.added(raw, left, right, grouped=grouped)
    return build.binary(raw, _OPERATORS.get(operator, operator), left, right, operator in ("===", "!=="))


def _leftmost(low: JavaScriptLowering, raw: RawNode | None) -> Expr:
    if raw is not None and raw.type == "private_property_identifier":  # #field in object
        text = low.module.text(raw)
        return build.literal(raw, text, text)
    return low.expr(raw)


def _long(low: JavaScriptLowering, raw: RawNode, first: Expr, chain: list[tuple[RawNode, str, RawNode | None]]) -> Expr:
    """Lower a long chain: a text that is written in many pieces is one, anything else a list."""
    operands = [first, *(low.expr(right) for _, _, right in chain)]
    if any(operator != "+" for _, operator, _ in chain):
        return build.opaque(raw, operands, raw.type)
    operands = list(_texts_joined(operands))
    if len(operands) == 1:
        return operands[0]
    if not any(_is_text(one) for one in operands[:2]):
        return build.opaque(raw, operands, raw.type)
    return build.template(raw, operands)


def _texts_joined(operands: Iterable[Expr]) -> Iterable[Expr]:
    """Yield the operands of a sum with texts that follow each other made one: it is put together once."""
    pieces: list[Literal] = []
    for operand in operands:
        if isinstance(operand, Literal) and isinstance(operand.value, str):
            pieces.append(operand)
            continue
        if pieces:
            yield _one_text(pieces)
            pieces = []
        yield operand
    if pieces:
        yield _one_text(pieces)


def _one_text(pieces: list[Literal]) -> Literal:
    if len(pieces) == 1:
        return pieces[0]
    value = "".join(str(piece.value) for piece in pieces)
    return build.literal(pieces[0].raw, value, " + ".join(piece.raw_text for piece in pieces))


def _is_text(expr: Expr) -> bool:
    return isinstance(expr, Literal) and isinstance(expr.value, str)
