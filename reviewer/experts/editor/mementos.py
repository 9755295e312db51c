"""The editor's stores for the state of an extension: ``context.globalState`` and ``context.workspaceState``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Expr, Member, Name, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module

_STORES: Final = frozenset({"globalState", "workspaceState"})
_DEEPEST: Final = 3


def is_memento(module: Module, expr: Expr, depth: int = 0) -> bool:
    """Tell whether an expression is such a store, or a variable or a field that is given one."""
    expr = strip(expr)
    if isinstance(expr, Member) and expr.name in _STORES:
        return True
    if not isinstance(expr, Name | Member) or depth > _DEEPEST:
        return False
    slot = module.text_of(expr)
    given = [one.value for one in module.all(Assign) if one.value is not None and module.text_of(one.target) == slot]
    return any(
        isinstance(one, Name | Member) and one is not expr and is_memento(module, one, depth + 1) for one in given
    )
