"""API010: a hook that ends a plugin begins work and drops its promise, so that the host does not wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.contexts import is_stopper
from reviewer.code.reach.links import callee as callee_of
from reviewer.code.syntax import Await, Call, ExprStatement, Unary, strip
from reviewer.code.walk import find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.subject.ecosystem import GENERIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Statement
    from reviewer.experts.check import Inquiry


@module_check("API010", words={"async"})
def begun_at_the_end(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look in each hook that ends something, and may wait, for work of the file that it begins and leaves alone."""
    if module.is_test or module.language == "python":
        return
    for function in module.functions:
        if not function.asynchronous or not is_stopper(function.name):
            continue
        for statement in find(function.body, ExprStatement, into_functions=False):
            call = _left_alone(statement.value)
            target = callee_of(module, call) if call is not None else None
            if call is None or target is None or not target.asynchronous or not _waits(target.body):
                continue
            yield Match(
                call,
                f"'{function.name}' begins '{short(module.text_of(call))}' and waits for nothing: what the host does "
                "next, up to ending the process, overtakes it, and what it was to save may be lost.",
                fix="Await it: the host waits for the hook.",
                confidence=None if inquiry.subject.ecosystem == GENERIC else Confidence.POSSIBLE,
            )


def _left_alone(expr: Expr) -> Call | None:
    """Return the call behind a ``void`` or a ``catch`` that nobody waits for."""
    if isinstance(expr, Unary) and expr.op == "void":
        made = strip(expr.operand) if not isinstance(expr.operand, Await) else None
    elif isinstance(expr, Call) and expr.name in ("catch", "then", "finally") and expr.receiver is not None:
        made = expr
    else:
        return None
    while isinstance(made, Call) and made.name in ("catch", "then", "finally") and made.receiver is not None:
        made = strip(made.receiver)
    return made if isinstance(made, Call) else None


def _waits(body: list[Statement]) -> bool:
    return any(True for _ in find(body, Await, into_functions=False))
