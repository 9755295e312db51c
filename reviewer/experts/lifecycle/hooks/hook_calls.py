"""The call by which a hook runs, seen from where its name stands: bound, handed over, or put into a variable first."""

from __future__ import annotations

from typing import Final

from reviewer.code.syntax import Assign, Call, Cast, Expr, Function, Member, Name, Node
from reviewer.code.walk import ancestors, find, function_of

_LOOPS: Final = frozenset("map forEach filter flatMap some every find reduce on once".split())
_ASKS: Final = frozenset("callable isinstance iscoroutinefunction isfunction ismethod is bool".split())  # what it is


def frame_of(call: Call) -> tuple[Call, Function | None]:
    """Return the call as its host function makes it, short functions that are arguments seen through."""
    function = function_of(call)
    while function is not None and function.owner is None and isinstance(function.parent, Call):
        around = function.parent
        if around.callee is function or around.name in _LOOPS or function.outer is None or len(function.body) > 1:
            break
        call, function = around, function.outer
    return call, function


def call_of(member: Expr) -> Call | None:
    """Return the call of a hook, or the call that takes it as an argument."""
    inner: Node = member
    for around in ancestors(member):
        if isinstance(around, Cast):
            inner = around
            continue
        if isinstance(around, Call):
            if around.callee is inner and around.name == "bind" and isinstance(around.parent, Assign):
                inner = around
                continue
            if around.callee is inner:
                bound = _bound_call(around)
                return bound if bound is not None else around
            return around
        if isinstance(around, Member) and around.name in ("call", "apply", "bind"):
            inner = around
            continue
        return _call_of_variable(around) if isinstance(around, Assign) and around.value is inner else None
    return None


def _call_of_variable(assign: Assign) -> Call | None:
    """Return the call of a hook that was put into a variable of the function: ``end = plugin.stop``, ``end()``."""
    function, target = function_of(assign), assign.target
    if function is None or not isinstance(target, Name):
        return None
    for call in find(function.body, Call):
        handed = any(isinstance(arg, Name) and arg.id == target.id for arg in call.args)
        if call.start > assign.start and (
            (isinstance(call.callee, Name) and call.callee.id == target.id) or (handed and call.name not in _ASKS)
        ):
            return call
    return None


def _bound_call(call: Call) -> Call | None:
    """Return the call that takes ``plugin.activate.bind(plugin)`` as an argument."""
    around = call.parent if call.name == "bind" else None
    return around if isinstance(around, Call) and call in around.args else None
