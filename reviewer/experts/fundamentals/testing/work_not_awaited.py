"""FUN014: a test begins what it is about and never waits for it, so that it looks at what nothing has happened to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee, is_async
from reviewer.code.syntax import Await, Call, ExprStatement, Function, Yield
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.testing.cases import cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("FUN014", words={"test", "it", "tests"})
def work_not_awaited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each test for a coroutine or a promise of the subject that it throws away."""
    if not module.is_test:
        return
    for case in cases(module):
        lost = next(_thrown_away(module, case.function), None)
        if lost is not None:
            what = "makes a coroutine, of which nothing runs" if module.language == "python" else "is not waited for"
            yield Match(
                lost,
                f"'{short(module.text_of(lost))}' {what}: the test looks at what this was to change before it has.",
            )


def _thrown_away(module: Module, test: Function) -> Iterator[Call]:
    """Yield the calls of a test that begin asynchronous work of the subject and drop it.

    A script runs such a function up to its first wait: there it counts only where the test waits for nothing at all.
    """
    waits = any(True for _ in find(test.body, Await)) or any(one.value is not None for one in returns_of(test))
    for statement in find(test.body, ExprStatement, into_functions=False):
        call = statement.value
        if not isinstance(call, Call) or (module.language != "python" and (waits or test.params)):
            continue
        target = callee(module, call)
        if target is None or not target.asynchronous or target.outer is not None or not is_async(module, call):
            continue
        if module.language == "python" or _waits_first(target):
            yield call


def _waits_first(target: Function) -> bool:
    """Tell whether a function has something to wait for, so that it is not through when it gives its promise."""
    first = next(find(target.body, Await | Yield, into_functions=False), None)  # type: ignore[arg-type]  # a union works as a kind
    return first is not None
