"""What a star in a list spreads: all that stands behind it, which the parser reads otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.form import build
from reviewer.code.syntax import Call, Index, Member, Spread

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.syntax import Expr


def whole_spread(raw: RawNode, item: Expr) -> Expr:
    """Return an item of a list with its star on the outside.

    The parser binds the star to the first name, so that ``[*table.get(key)]`` is read as ``[(*table).get(key)]``.
    """
    holder: Call | Member | Index | None = None
    inner = item
    while isinstance(inner, Call | Member | Index):
        holder = inner
        inner = inner.callee if isinstance(inner, Call) else inner.object
    if holder is None or not isinstance(inner, Spread):
        return item
    if isinstance(holder, Call):
        holder.callee = inner.value
    else:
        holder.object = inner.value
    inner.value.parent = holder
    return build.spread(raw, item)
