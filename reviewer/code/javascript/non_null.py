"""What the grammar of TypeScript takes for the end of a whole operation: ``a ?? b!.c`` is ``(a ?? b)!.c`` to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Unary

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node as RawNode

    from reviewer.code.syntax import Expr

_LAST: Final = {"binary_expression": "right", "unary_expression": "argument"}
"""Operations, and the part of them that a ``!`` behind them belongs to."""
_LOOSE_FIRST: Final = (
    ("??", "or", "||"),
    ("and", "&&"),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!=", "===", "!=="),
    ("<", ">", "<=", ">=", "in", "instanceof"),
    ("<<", ">>", ">>>"),
    ("+", "-"),
    ("*", "/", "%"),
)


class LastOperands:
    """Knows the operations behind which a ``!`` was found, and puts what follows it on their last operand."""

    def __init__(self) -> None:
        """Start with none: most files have nothing of the kind."""
        self._found: dict[int, list[Binary | Unary]] = {}

    def note(self, raw: RawNode, operation: Expr) -> bool:
        """Tell whether a ``!`` stands behind an operation that is not in brackets, and remember where it ends."""
        way: list[Binary | Unary] = []
        part: RawNode | None = raw
        while part is not None and part.type in _LAST and isinstance(operation, Binary | Unary):
            way.append(operation)
            operation = operation.right if isinstance(operation, Binary) else operation.operand
            part = part.child_by_field_name(_LAST[part.type])
        if not way or (part is not None and part.type in _LAST):
            return False
        self._found[id(way[0])] = way
        return True

    def put(self, raw: RawNode, base: Expr, make: Callable[[Expr], Expr]) -> Expr:
        """Make what follows a value: around the value itself, or inside an operation around its last operand."""
        way = self._found.get(id(base), [])
        if not way or way[0] is not base:
            return make(base)
        _wrap(raw, way, make)
        return base

    def join(self, raw: RawNode, operator: str, left: Expr, make: Callable[[Expr], Expr]) -> Expr:
        """Make an operation with what stands left of it: of an operation that binds less only with its last operand.

        ``a && b!.c !== d`` is ``(a && b)!.c !== d`` to the grammar.
        """
        way = self._found.get(id(left), [])
        if not way or way[0] is not left:
            return make(left)
        looser = [one for one in way if isinstance(one, Binary) and _binds(one.op) < _binds(operator)]
        if not looser:
            return make(left)
        inner = _wrap(raw, way[: len(looser)], make)
        self._found[id(left)] = [*looser, inner] if isinstance(inner, Binary) else []
        return left


def _wrap(raw: RawNode, way: list[Binary | Unary], make: Callable[[Expr], Expr]) -> Expr:
    """Make something around the last operand of nested operations, which all end where that does."""
    last = way[-1]
    made = make(last.right if isinstance(last, Binary) else last.operand)
    made.parent = last
    if isinstance(last, Binary):
        last.right = made
    else:
        last.operand = made
    for operation in way:
        operation.raw = raw
    return made


def _binds(operator: str) -> int:
    """Tell how tightly an operator binds."""
    return next((place for place, some in enumerate(_LOOSE_FIRST) if operator in some), len(_LOOSE_FIRST))
