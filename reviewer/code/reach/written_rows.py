"""The values that a loop's name takes one after the other, where the rows of the loop are written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Array, For, Name, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr


def values_in_rows(module: Module, expr: Expr) -> list[Expr]:
    """Return what a name stands for in ``for name, target in (("poll", self.poll), ("tell", self.tell)):``."""
    expr = strip(expr)
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    loop = bound[0] if len(bound) == 1 and isinstance(bound[0], For) else None
    if loop is None or loop.target is None or loop.iterable is None or not isinstance(expr, Name):
        return []
    over = strip(loop.iterable)
    rows = module.scopes.origin(over) if isinstance(over, Name) else over
    if not isinstance(rows, Array):
        return []
    if isinstance(loop.target, Name):
        return list(rows.items)
    names = [one.id if isinstance(one, Name) else "" for one in getattr(loop.target, "items", ())]
    place = names.index(expr.id) if expr.id in names else -1
    found = [strip(row) for row in rows.items]
    return [row.items[place] for row in found if isinstance(row, Array) and 0 <= place < len(row.items)]
