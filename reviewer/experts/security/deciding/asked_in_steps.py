"""What a decision asks step by step: ``if (!this.onWatch(who, right)) return false``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.branches import alternatives
from reviewer.code.syntax import Await, Binary, Call, Expr, If, Literal, Return, Unary, strip
from reviewer.code.walk import find, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Function


def asked_in_steps(function: Function) -> Iterator[Call]:
    """Yield the calls of which a no makes a decision say no, or a yes makes it say yes, about what it was asked."""
    told = {param.name for param in function.params}
    for test in find(function.body, If, into_functions=False):
        only = test.body[0] if len(test.body) == 1 and not test.orelse else None
        said = strip(only.value) if isinstance(only, Return) and only.value is not None else None
        if not isinstance(said, Literal) or not isinstance(said.value, bool):
            continue
        for part in _parts(test.test, said.value):
            call = _asked(part, said.value)
            if call is not None and any(names_in(arg) & told for arg in call.args):
                yield call


def _parts(test: Expr, answer: bool) -> Iterator[Expr]:
    """Yield the parts of a test: one no of several is enough to refuse, and every yes is needed to grant."""
    if not answer:
        yield from alternatives(test)
        return
    test = strip(test)
    if isinstance(test, Binary) and test.op == "and":
        yield from _parts(test.left, answer)
        yield from _parts(test.right, answer)
    else:
        yield test


def _asked(part: Expr, answer: bool) -> Call | None:
    """Return the call whose own answer a step repeats."""
    part = strip(part)
    if isinstance(part, Unary) and part.op == "not":
        return _asked(part.operand, not answer)
    if isinstance(part, Await):
        part = strip(part.value)
    return part if answer and isinstance(part, Call) else None
