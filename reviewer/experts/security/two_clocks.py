"""SEC363: a moment of one clock is compared with a moment of another, which counts from somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.records import given_fields
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
    Object,
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
        values = _put_under(module).get(_key(expr), [])
    return _only({_clock(module, value, known) for value in values})


def _key(expr: Expr) -> str:
    """Return the name under which something is kept in a record: ``grant.until``, ``grant["until"]``."""
    if isinstance(expr, Member):
        return expr.name
    key = expr.key if isinstance(expr, Index) else None
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""


def _only(clocks: set[str]) -> str:
    return next(iter(clocks)) if len(clocks) == 1 else ""


def _is_nothing(expr: Expr) -> bool:
    expr = strip(expr)
    return isinstance(expr, Literal) and (expr.value is None or expr.value == 0)


def _put_under(module: Module) -> dict[str, list[Expr]]:
    """Return what a module puts into members by their name: assigned, given to a record, written in an object."""
    return module.once("security.put_under", lambda: _collect(module))


def _collect(module: Module) -> dict[str, list[Expr]]:
    found: dict[str, list[Expr]] = {}
    for assign in module.all(Assign):
        name = _key(assign.target)
        if name and assign.value is not None and assign.op == "=":
            found.setdefault(name, []).append(assign.value)
    for made in module.all(Object):
        for key, value in made.entries:
            if isinstance(key, Literal) and isinstance(key.value, str):
                found.setdefault(key.value, []).append(value)
    for call in module.all(Call):
        for name, value in given_fields(module, call) if isinstance(strip(call.callee), Name) else ():
            found.setdefault(name, []).append(value)
    return {name: [value for value in values if not _is_nothing(value)] for name, values in found.items()}
