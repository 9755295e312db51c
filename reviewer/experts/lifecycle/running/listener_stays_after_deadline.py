"""LIF106: a listener for one answer takes itself off when that comes, and stays when the time is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Function, Name, Try, strip
from reviewer.code.walk import calls_in, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.holding.listening import OFFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_ENDS_WAIT: Final = frozenset({"wait_for", "timeout", "fail_after", "move_on_after"})


@module_check("LIF106", words={"timeout", "for", "after"})
def listener_stays_after_deadline(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each listener that only takes itself off, in a function that gives the waiting up after a time."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or (function.outer is None and function.kind == "arrow" and not function.name):
            continue
        for call in calls_in(function.body, into_functions=False):
            listener = _listener(module, function, call)
            if listener is None:
                continue
            late = _late(module, function, call, listener)
            if late is not None:
                yield Match(
                    call,
                    f"'{listener.name}' is taken off only by itself, when the answer comes: when the time is over "
                    "first, it stays, one more with each wait that ends so, and is run for whatever comes later.",
                    related=((late, "gives up here"),),
                )


def _listener(module: Module, function: Function, call: Call) -> Function | None:
    """Return the function of this one that a call hands over as a listener and that takes itself off."""
    for arg in call.args:
        named = strip(arg)
        bound = module.scopes.lookup(named.id, named) if isinstance(named, Name) else []
        for one in bound:
            made = one.value if isinstance(one, Assign) else one
            if not isinstance(made, Function) or made.outer is not function or not isinstance(named, Name):
                continue
            if any(_takes_off(inner, named.id, call) for inner in calls_in(made.body)):
                return made
    return None


def _takes_off(inner: Call, name: str, call: Call) -> bool:
    """Tell whether a call takes a listener off: by its name, or by what the registering gave."""
    if inner.name in OFFS and any(_is_name(arg, name) for arg in inner.args):
        return True
    kept = call.parent
    undo = strip(kept.target) if isinstance(kept, Assign) and kept.value is call else None
    return isinstance(undo, Name) and _is_name(inner.callee, undo.id) and not inner.args


def _is_name(expr: Expr, name: str) -> bool:
    expr = strip(expr)
    return isinstance(expr, Name) and expr.id == name


def _late(module: Module, function: Function, call: Call, listener: Function) -> Call | None:
    """Return what gives the waiting up, where nothing outside of the listener takes it off."""
    others = [one for one in calls_in(function.body) if not inside(one, listener)]
    if any(_takes_off(one, listener.name, call) for one in others) or _takes_off_late(function, call):
        return None
    for one in others:
        if one.name in _ENDS_WAIT and module.language == "python":
            return one
        work = strip(one.args[0]) if one.name == "setTimeout" and one.args else None
        if not isinstance(work, Function) or function_of(one) is not function:
            continue
        if any(_rejects(function, made) for made in calls_in(work.body)):
            return one
    return None


def _rejects(function: Function, call: Call) -> bool:
    return isinstance(call.callee, Name) and call.callee.id in {param.name for param in function.params}


def _takes_off_late(function: Function, call: Call) -> bool:
    """Tell whether what the registering gave is used at an end: handed on, or run in a ``finally``."""
    kept = call.parent
    undo = strip(kept.target) if isinstance(kept, Assign) and kept.value is call else None
    if not isinstance(undo, Name):
        return any(True for attempt in find(function.body, Try) if attempt.final)
    for name in find(function.body, Name):
        held = name.parent
        if name.id == undo.id and name is not undo and not (isinstance(held, Call) and held.callee is name):
            return True
    return False
