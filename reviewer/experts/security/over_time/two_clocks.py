"""SEC363: a moment of one clock is compared with a moment of another, which counts from somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.put_under import put_under
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Index,
    Literal,
    Member,
    Name,
    strip,
)
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CLOCKS: Final = {
    "time.time": "time.time()",
    "time.monotonic": "time.monotonic()",
    "time.perf_counter": "time.perf_counter()",
    "time.process_time": "time.process_time()",
    "Date.now": "Date.now()",
    "performance.now": "performance.now()",
    "process.uptime": "process.uptime()",
}
"""Calls that give a moment, with how it is called in a message; each counts from a beginning of its own."""
_LOOPS: Final = ("get_running_loop()", "get_event_loop()", "new_event_loop()")
_COMPARED: Final = frozenset({"<", "<=", ">", ">=", "-"})
_TWO: Final = 2


@module_check("SEC363", words={"monotonic", "perf", "performance", "uptime", "loop", "process"})
def two_clocks(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison and each difference of two moments for the clocks that they are of."""
    if module.is_test or len({_read_off(module, call) for call in module.all(Call)} - {""}) < _TWO:
        return
    known: dict[int, str] = {}
    for node in module.all(Binary):
        if node.op not in _COMPARED:
            continue
        left, right = _clock(module, node.left, known), _clock(module, node.right, known)
        if left and right and left != right:
            yield Match(
                node,
                f"'{short(module.text_of(node))}' holds a moment of {left} against one of {right}, and the two count "
                "from different beginnings: what should end never does, or is over at once.",
            )


def _read_off(module: Module, call: Call) -> str:
    """Return the clock that a call reads; an empty string for another call."""
    name = module.resolve(call.callee)
    return "the event loop" if name.endswith(tuple(f"{loop}.time" for loop in _LOOPS)) else _CLOCKS.get(name, "")


def _clock(module: Module, expr: Expr, known: dict[int, str]) -> str:
    """Return the clock of which an expression is a moment; nothing for a length of time and where it isn't one.

    ``known`` keeps what was found by the identity of the expression, which also ends a circle of names.
    """
    expr = strip(expr)
    if id(expr) not in known:
        known[id(expr)] = ""
        known[id(expr)] = _found(module, expr, known)
    return known[id(expr)]


def _found(module: Module, expr: Expr, known: dict[int, str]) -> str:
    if isinstance(expr, Call):
        return _read_off(module, expr)
    if isinstance(expr, Binary) and expr.op in ("+", "-"):
        left, right = _clock(module, expr.left, known), _clock(module, expr.right, known)
        return "" if left and right else left or right
    values: list[Expr] = []
    if isinstance(expr, Conditional):
        values = [part for part in (expr.then, expr.other) if not _is_nothing(part)]
    elif isinstance(expr, Name):
        given = [one.value for one in module.scopes.lookup(expr.id, expr) if isinstance(one, Assign)]
        values = [value for value in given if value is not None and not _is_nothing(value)]
    elif isinstance(expr, Member | Index):
        values = [value for value in put_under(module, expr) if not _is_nothing(value)]
    return _only({_clock(module, value, known) for value in values})


def _only(clocks: set[str]) -> str:
    return next(iter(clocks)) if len(clocks) == 1 else ""


def _is_nothing(expr: Expr) -> bool:
    expr = strip(expr)
    return isinstance(expr, Literal) and (expr.value is None or expr.value == 0)
