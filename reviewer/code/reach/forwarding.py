"""Functions that only hand on what they are given: ``(args) => this.run(args)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, ExprStatement, Function, Name, Return, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Param

_MOST: Final = 3
"""Functions that are followed from one to the next; real code has one or two."""


def end_of(module: Module, function: Function, param: Param) -> tuple[Function, Param]:
    """Return the function of the file that uses a parameter in the end, and what it is called there."""
    for _ in range(_MOST):
        call = _only_call(function)
        place = next((i for i, arg in enumerate(call.args) if _is(arg, param)), -1) if call is not None else -1
        target = definition(module, call.callee) if call is not None and place >= 0 else None
        if not isinstance(target, Function) or target.module is not module or place >= len(target.params):
            break
        if target is function or target.signature_only or target.params[place].rest:
            break
        function, param = target, target.params[place]
    return function, param


def _only_call(function: Function) -> Call | None:
    """Return the call that is all that a function does."""
    only = function.body[0] if len(function.body) == 1 else None
    value = only.value if isinstance(only, Return | ExprStatement) else None
    inner = strip(value) if value is not None else None
    return inner if isinstance(inner, Call) and not inner.new else None


def _is(arg: Expr, param: Param) -> bool:
    inner = strip(arg)
    return isinstance(inner, Name) and bool(param.name) and inner.id == param.name
