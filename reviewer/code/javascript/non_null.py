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
        way = self._found.get(id(base))
        if way is None or way[0] is not base:
            return make(base)
        last = way[-1]
        if isinstance(last, Binary):
            last.right = make(last.right)
            last.right.parent = last
        else:
            last.operand = make(last.operand)
            last.operand.parent = last
        for operation in way:
            operation.raw = raw
        return base
