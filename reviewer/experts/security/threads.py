"""Calls that have a function run in a thread, and what they hand to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.links import definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Expr, Function

RUNNERS: Final = {"to_thread": 0, "run_in_executor": 1, "submit": 0, "run_sync": 0}
"""Calls that run a function in a thread, and where they take it; what it is handed stands behind it."""
_MOST: Final = 6
"""Calls of one file that are looked at for one function."""


def handed_in_threads(module: Module, function: Function, position: int) -> Iterator[tuple[Call, Expr]]:
    """Yield what is handed for a parameter of a function that a thread runs: ``run_in_executor(pool, load, url)``."""
    for call in list(module.calls(RUNNERS))[:_MOST]:
        first = RUNNERS[call.name]
        run, argument = call.arg(first), call.arg(first + 1 + position)
        if run is not None and argument is not None and definition(module, run) is function:
            yield call, argument
