"""COM040: a middleware goes on in one of the two callbacks of a promise, and ends the chain in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Member, Name, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.chains.middleware import ANSWERS, Middleware, message_names, middlewares

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_TELLS = frozenset({"warn", "error", "info", "debug", "log", "trace", "exception", "warning"})


@module_check("COM040", words={"then"})
def settled_without_next(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``then`` with two callbacks of which one calls ``next`` for what the other does."""
    if module.is_test or module.language == "python":
        return
    for found in middlewares(module):
        for call in find(found.function.body, Call):
            if call.name != "then" or len(call.args) != 2:
                continue
            arms = [_function(module, arg) for arg in call.args]
            on = [
                _is_next(found, arg) or (arm is not None and _goes_on(found, arm))
                for arg, arm in zip(call.args, arms, strict=True)
            ]
            other = arms[on.index(False)] if sorted(on) == [False, True] else None
            if other is None or _leaves(found, other):
                continue
            yield Match(
                other,
                f"Here nobody calls '{found.param.name}()', as the other callback does, and nothing is thrown or "
                "answered: the chain ends here, and what comes after never sees the message.",
            )


def _function(module: Module, arg: Expr) -> Function | None:
    given = strip(arg)
    held = given if isinstance(given, Function) else definition(module, given)
    return held if isinstance(held, Function) else None


def _is_next(found: Middleware, arg: Expr) -> bool:
    given = strip(arg)
    return isinstance(given, Name) and given.id == found.param.name


def _goes_on(found: Middleware, arm: Function) -> bool:
    """Tell whether a callback calls ``next``, or hands it on, by itself or by a function of the same chain."""
    if any(name.id == found.param.name for name in find(arm.body, Name)):
        return True
    run = (definition(arm.module, call.callee) for call in find(arm.body, Call) if isinstance(call.callee, Name))
    return any(
        isinstance(other, Function)
        and inside(other, found.function)
        and any(name.id == found.param.name for name in find(other.body, Name))
        for other in run
    )


def _leaves(found: Middleware, arm: Function) -> bool:
    """Tell whether a callback throws, answers, or changes the message in hand."""
    message = message_names(found.function)
    for node in walk(arm.body):
        if isinstance(node, Throw):
            return True
        if isinstance(node, Assign) and isinstance(node.target, Member) and _root(node.target) in message:
            return True
        speaks = isinstance(node, Call) and node.name not in _TELLS
        if speaks and isinstance(node, Call) and (ANSWERS & set(words(node.name)) or _root(node.callee) in message):
            return True
    return False


def _root(expr: Expr) -> str:
    while isinstance(expr, Member):
        expr = strip(expr.object)
    return expr.id if isinstance(expr, Name) else ""
