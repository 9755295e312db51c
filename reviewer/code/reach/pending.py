"""Whether a name or a field holds a promise, and not yet what that will give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Await, Name, uncast
from reviewer.code.text.promise_types import is_promise_type

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr


def is_pending(module: Module, expr: Expr, declared: str) -> bool:
    """Tell whether what is declared as a promise is one still: nobody waited for it when the name was given it."""
    if not is_promise_type(declared):
        return False
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    given = [one.value for one in bound if isinstance(one, Assign) and one.value is not None and not one.type]
    return not any(isinstance(uncast(value), Await) for value in given)
