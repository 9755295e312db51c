"""Which function a name means inside its module, and whether it goes on for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Function, Jump, Literal, Member, Name, Node, Return, While, strip
from reviewer.code.walk import calls_in, function_of, walk

if TYPE_CHECKING:
    from reviewer.code.module import Module


def target_function(module: Module, expr: Expr | None) -> Function | None:
    """Return the function of this module that an expression names: ``this.tick``, ``tick``, a bound one."""
    if expr is None:
        return None
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name in ("bind", "partial"):
        receiver = expr.receiver if expr.name == "bind" else expr.arg(0)
        return target_function(module, receiver)
    if isinstance(expr, Function):
        return expr
    if isinstance(expr, Member) and is_this_member(expr):
        function = function_of(expr)
        while function is not None and function.owner is None:
            function = function.outer
        return function.owner.method(expr.name) if function is not None and function.owner is not None else None
    if isinstance(expr, Name):
        bound = module.scopes.lookup(expr.id, expr)
        last = bound[-1] if bound else None
        if isinstance(last, Assign):
            return last.value if isinstance(last.value, Function) else None
        return last if isinstance(last, Function) else None
    return None


def inner_of(call: Call, function: Function) -> bool:
    """Tell whether a call stands somewhere inside a function."""
    return function.raw.start_byte <= call.raw.start_byte and call.raw.end_byte <= function.raw.end_byte


def rearms(module: Module, call: Call, position: int) -> bool:
    """Tell whether a one-shot timer's function sets the timer again."""
    target = target_function(module, call.arg(position, "function"))
    here = function_of(call)
    if target is None or here is None:
        return False
    if inner_of(call, target):
        return True
    return not (target is not here and not any(_leads(module, made, here) for made in calls_in(target.body)))


def _leads(module: Module, call: Call, here: Function) -> bool:
    return target_function(module, call.callee) is here


def endless(module: Module, target: Expr | None) -> bool:
    """Tell whether a function loops for ever: ``while True`` without a way out."""
    function = target_function(module, target)
    if function is None:
        return False
    return any(_endless_loop(node) for node in walk(function.body, into_functions=False))


def _endless_loop(node: Node) -> bool:
    if not isinstance(node, While):
        return False
    test = strip(node.test)
    if not (isinstance(test, Literal) and test.value):
        return False
    return not any(
        isinstance(inner, Return) or (isinstance(inner, Jump) and inner.kind == "break")
        for inner in walk(node.body, into_functions=False)
    )
