"""Objects of JavaScript that inherit nothing: only what was put in is found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Literal, Object, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module

_SAME: Final = frozenset({"assign", "freeze", "seal", "preventExtensions"})
"""Members of ``Object`` that give back the object that they are handed first."""
_DEEPEST: Final = 4


def inherits_nothing(module: Module, expr: Expr) -> bool:
    """Tell whether an object is made with null for its prototype, whatever it is filled with or closed by."""
    made = module.scopes.origin(expr)
    for _ in range(_DEEPEST):
        held = strip(made) if isinstance(made, Expr) else None
        if isinstance(held, Object):
            return "__proto__" in held.keys
        if not isinstance(held, Call) or not held.args:
            return False
        if held.name == "create":
            first = strip(held.args[0])
            return isinstance(first, Literal) and first.value is None
        if held.name not in _SAME:
            return False
        made = module.scopes.origin(held.args[0])
    return False
