"""Whether a key was found free in a table that is kept beside the one that is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, Index, Literal, Name, strip
from reviewer.code.tables import tables

if TYPE_CHECKING:
    from reviewer.code.flow import Condition
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table

_SAME: Final = ("is", "==")
_OTHER: Final = ("is not", "!=")


def free_beside(module: Module, table: Table, write: Access) -> bool:
    """Tell whether a write only comes about where another table has no entry of the same key."""
    if write.key is None:
        return False
    known = conditions(write.node)
    key = module.text_of(write.key)
    return bool(known) and any(
        look.key is not None
        and module.text_of(look.key) == key
        and any(shows_free(module, condition, look) for condition in known)
        for other in tables(module)
        if other is not table and other.owner is table.owner and other.kind in ("map", "set")
        for look in other.of("has", "read")
    )


def shows_free(module: Module, condition: Condition, look: Access) -> bool:
    """Tell whether a condition that holds says that a look found nothing."""
    test = strip(condition.test)
    if look.how == "has":
        negative = isinstance(test, Binary) and test.op == "not in"
        return test is look.node and condition.holds is negative
    if isinstance(test, Binary) and isinstance(strip(test.right), Literal | Name):
        nothing = strip(test.right)
        empty = (isinstance(nothing, Literal) and nothing.value is None) or (
            isinstance(nothing, Name) and nothing.id == "undefined"
        )
        return (
            empty
            and _is_look(module, test.left, look)
            and ((test.op in _SAME and condition.holds) or (test.op in _OTHER and not condition.holds))
        )
    return not condition.holds and _is_look(module, test, look)


def _is_look(module: Module, expr: Expr, look: Access) -> bool:
    """Tell whether an expression is what a look found, or a name for it."""
    expr = strip(expr)
    if isinstance(expr, Name):
        found = module.scopes.lookup(expr.id, expr)
        only = found[0] if len(found) == 1 else None
        return isinstance(only, Assign) and only.value is not None and strip(only.value) is look.node
    return isinstance(expr, Call | Index) and expr is look.node
