"""Functions that are put on in place of the one that was handed in, and call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Expr, Function, Member, Name, Node, Param, strip
from reviewer.code.walk import find

if TYPE_CHECKING:
    from reviewer.code.module import Module


def is_given(module: Module, name: Expr) -> bool:
    """Tell whether an expression is the name of a parameter that is never given another value."""
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param)


def wraps(module: Module, value: Expr, taken: Name) -> bool:
    """Tell whether a value is a new function that calls what was handed in under a name, and never that itself.

    A function written here, ``partial(run, taken)``, ``taken.bind(…)``, or what a helper of the subject makes of it.
    """
    made = module.scopes.origin(strip(value))
    if isinstance(made, Function):
        return _calls_given(module, made, taken.id) and not _told_apart(module, value)
    if not isinstance(made, Call):
        return False
    given = [strip(arg) for arg in (*made.args, *made.keywords.values())]
    at = next((place for place, arg in enumerate(given) if _is(module, arg, taken.id)), -1)
    if made.name == "bind" and made.receiver is not None and _is(module, strip(made.receiver), taken.id):
        return True
    if at < 0:
        return False
    if made.name == "partial":
        return True
    helper = definition(module, made.callee)
    return isinstance(helper, Function) and at < len(helper.params) and _makes_wrapper(helper, helper.params[at].name)


def makes_anew(module: Module, call: Call) -> bool:
    """Tell whether each run of a helper of the subject gives a function that it has just made, and keeps nowhere."""
    helper = definition(module, call.callee)
    if not isinstance(helper, Function) or helper.decorators or helper.asynchronous:
        return False
    answers = [strip(one.value) for one in returns_of(helper) if one.value is not None]
    return bool(answers) and all(_is_new(helper, one) for one in answers)


def _is_new(helper: Function, answer: Expr) -> bool:
    """Tell whether an answer of a helper is a function that this very run has made."""
    if isinstance(answer, Call):
        return answer.name in ("bind", "partial")
    if isinstance(answer, Function):
        return True
    bound = helper.module.scopes.lookup(answer.id, answer) if isinstance(answer, Name) else []
    only = bound[0] if len(bound) == 1 else None
    made = strip(only.value) if isinstance(only, Assign) and only.value is not None else only
    return isinstance(made, Function) and made.outer is helper and not made.decorators


def _makes_wrapper(helper: Function, name: str) -> bool:
    """Tell whether each answer of a helper is a new function that calls what the helper was given under a name."""
    answers = [one.value for one in returns_of(helper) if one.value is not None]
    made = [helper.module.scopes.origin(strip(one)) for one in answers]
    return bool(made) and all(isinstance(one, Function) and _calls_given(helper.module, one, name) for one in made)


def _calls_given(module: Module, wrapper: Function, name: str) -> bool:
    """Tell whether a function calls what a function around it was handed under a name, or hands that on to be run."""
    return any(
        _is(module, use, name) and _runs(use) and not any(param is bound for param in wrapper.params)
        for use in find(wrapper.body, Name)
        if use.id == name
        for bound in module.scopes.lookup(name, use)
    )


def _runs(use: Name) -> bool:
    around = use.parent
    if isinstance(around, Member):  # handler.call(this, event)
        return around.name in ("call", "apply") and isinstance(around.parent, Call)
    return isinstance(around, Call)


def _is(module: Module, expr: Node, name: str) -> bool:
    return isinstance(expr, Name) and expr.id == name and is_given(module, expr)


def _told_apart(module: Module, value: Expr) -> bool:
    """Tell whether the wrapper is marked with what it wraps, as an emitter of Node.js finds it by: ``w.listener``."""
    held = strip(value)
    return isinstance(held, Name) and any(
        member.name in ("listener", "__wrapped__") and isinstance(member.object, Name) and member.object.id == held.id
        for member in module.all(Member)
    )
