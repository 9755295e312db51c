"""API010: ``void`` says that nobody waits for a call, and nobody takes the error that it throws, either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try, returns_of
from reviewer.code.reach.links import callee as callee_of
from reviewer.code.syntax import Await, Call, Function, Throw, Try, Unary, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.tooling import is_tooling
from reviewer.subject.ecosystem import GENERIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


@module_check("API010", words={"async"})
def void_of_what_throws(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``void work()`` for whether the work refuses what it is given by an error."""
    if module.is_test or module.language == "python" or is_tooling(module):
        return
    for dropped in module.all(Unary):
        call = strip(dropped.operand) if dropped.op == "void" else None
        target = callee_of(module, call) if isinstance(call, Call) and function_of(call) is not None else None
        if not isinstance(call, Call) or target is None or not target.asynchronous or target.generator:
            continue
        thrown = _thrown(target)
        if thrown is not None:
            home = getattr(function_of(thrown), "module", module)
            where = f"in line {thrown.line}" + (f" of '{home.path}'" if home is not module else "")
            what = "throws" if isinstance(thrown, Throw) else "asks for, and may not get,"
            yield Match(
                call,
                f"'void' drops '{short(module.text_of(call))}' with its error: what it {what} {where} is "
                "an unhandled rejection, which ends the process or is lost.",
                fix="Add a catch() that says what went wrong.",
                confidence=None if inquiry.subject.ecosystem == GENERIC else Confidence.POSSIBLE,
            )


def _thrown(target: Function, depth: int = 2) -> Node | None:
    """Return what fails a function and is caught nowhere in it: what it throws, asks outside, or waits for."""
    for one in find(target.body, Throw, into_functions=False):
        if _leaves(one, target):
            return one
    if target.signature_only or target.generator:
        return None
    for call in _handed_on(target):
        if _asks_outside(target.module, call):
            return call
        inner = callee_of(target.module, call) if depth else None
        thrown = _thrown(inner, depth - 1) if inner is not None and inner is not target else None
        if thrown is not None:
            return thrown
    return None


def _handed_on(target: Function) -> Iterator[Call]:
    """Yield the calls that a function waits for, where it catches nothing, and those with which it answers."""
    for wait in find(target.body, Await, into_functions=False):
        call = strip(wait.value)
        if isinstance(call, Call) and call.name not in ("catch", "allSettled") and _leaves(wait, target):
            yield call
    for answer in returns_of(target):
        given = strip(answer.value) if answer.value is not None else None
        if isinstance(given, Call) and given.name != "catch" and target.asynchronous and _leaves(answer, target):
            yield given


def _asks_outside(module: Module, call: Call) -> bool:
    """Tell whether a call asks another machine or another plugin: ``fetch(url)``, ``context.commands.execute(…)``."""
    name = module.resolve(call.callee)
    if name == "fetch":
        return not module.scopes.lookup("fetch", call)
    root, _dot, rest = name.partition(".")
    return root == "context" and rest.partition(".")[0] in _OF_OTHERS and "." in rest


_OF_OTHERS: Final = frozenset("commands network http messaging messages database rpc".split())
"""Services of a context that answer for somebody else."""


def _leaves(thrown: Node, target: Function) -> bool:
    """Tell whether an error is taken by nothing inside the function that throws it."""
    return guarding_try(thrown) is None and not any(
        isinstance(one, Try) and one.handlers for one in ancestors(thrown) if function_of(one) is target
    )
