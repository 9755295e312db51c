"""API010: ``void`` says that nobody waits for a call, and nobody takes the error that it throws, either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import callee as callee_of
from reviewer.code.syntax import Call, Function, Throw, Try, Unary, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.tooling import is_tooling
from reviewer.subject.ecosystem import GENERIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
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
        thrown = next((one for one in find(target.body, Throw, into_functions=False) if _leaves(one, target)), None)
        if thrown is not None:
            yield Match(
                call,
                f"'void' drops '{short(module.text_of(call))}' with its error: what it throws in line {thrown.line} is "
                "an unhandled rejection, which ends the process or is lost.",
                fix="Add a catch() that says what went wrong.",
                confidence=None if inquiry.subject.ecosystem == GENERIC else Confidence.POSSIBLE,
            )


def _leaves(thrown: Throw, target: Function) -> bool:
    """Tell whether an error is taken by nothing inside the function that throws it."""
    return guarding_try(thrown) is None and not any(
        isinstance(one, Try) and one.handlers for one in ancestors(thrown) if function_of(one) is target
    )
