"""LIF055: a flag keeps others out while something runs, and stays set when that fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Literal,
    Member,
    Name,
    Statement,
    Try,
    strip,
)
from reviewer.code.walk import find, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.loading import netted

if TYPE_CHECKING:
    from reviewer.code.module import Module

_BUSY: Final = frozenset({"busy", "locked", "inflight", "in_flight", "inprogress", "in_progress", "pending"})
_CAUGHT: Final = frozenset({"catch", "allSettled"})


@module_check("LIF055", words={"async"})
def flag_stuck(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a function turns others away by a flag, awaits, and takes the flag back only where all went well."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or not function.asynchronous:
            continue
        for name, placed in _set(function.body):
            if not _turns_away(function, name):
                continue
            taken = _taken_back(function.body, name, placed) or _in_attempt(function, name, placed)
            never = _never_taken_back(function, name, placed) if taken is None else None
            if never is not None:
                yield Match(
                    placed,
                    f"When something behind this fails, '{name.removeprefix('this.')}' stays set, and "
                    f"'{function.name or 'this function'}' turns every later call away: nothing takes it back.",
                    related=((never, "the failure ends here"),),
                )
            if taken is not None:
                yield Match(
                    placed,
                    f"When something between here and line {taken.line} throws, '{name.removeprefix('this.')}' stays "
                    f"set, and '{function.name or 'this function'}' turns every later call away.",
                    related=((taken, "taken back only when all went well"),),
                )


def _name(expr: Expr) -> str:
    expr = strip(expr)
    if isinstance(expr, Member) and isinstance(holder := strip(expr.object), Name):
        return f"{holder.id}.{expr.name}"
    return expr.id if isinstance(expr, Name) else ""


def _sets(statement: Statement, value: bool) -> str:
    """Return the flag that a statement sets to a value."""
    made = statement.value if isinstance(statement, ExprStatement) else statement
    if not isinstance(made, Assign) or not isinstance(made.value, Literal) or made.value.value is not value:
        return ""
    return _name(made.target) if not made.declare else ""


def _set(body: list[Statement]) -> Iterator[tuple[str, Statement]]:
    """Yield the flags that are set in the plain course of a function, or in that of what it attempts."""
    for statement in body:
        name = _sets(statement, value=True)
        if name:
            yield name, statement
        elif isinstance(statement, Try):
            yield from _set(statement.body)


def _turns_away(function: Function, name: str) -> bool:
    """Tell whether the function leaves at once where the flag is set."""
    for statement in function.body:
        leaves = isinstance(statement, If) and exits(statement.body)
        if isinstance(statement, If) and leaves and _asks(statement.test, name):
            return True
    return False


def _asks(test: Expr, name: str) -> bool:
    return any(_name(part) == name for part in walk(test) if isinstance(part, Name | Member))


def _taken_back(body: list[Statement], name: str, placed: Statement) -> Statement | None:
    """Return where the flag is taken back behind an await, in the plain course of the function."""
    waited = False
    started = False
    for statement in body:
        started = started or statement is placed
        if not started or statement is placed:
            continue
        if isinstance(statement, Try) and _resets(statement, name):
            return None
        if _sets(statement, value=False) == name:
            return statement if waited else None
        waits = find(statement, Await, into_functions=False)
        waited = waited or any(_may_fail(wait) and not netted(wait, statement) for wait in waits)
    return None


def _in_attempt(function: Function, name: str, placed: Statement) -> Statement | None:
    """Return where a flag is taken back at the end of an attempt, if neither its clauses nor what follows do so."""
    back = _all_taken_back(function, name)
    attempt = next((one for one in map(_attempted, back) if one is not None), None)
    if attempt is None or len(back) != 1 or not attempt.handlers or placed.start > back[0].start:
        return None
    before = [one for one in attempt.body if one.start < back[0].start]
    failing = any(
        placed.start < wait.start and _may_fail(wait) and not netted(wait, one)
        for one in before
        for wait in find(one, Await, into_functions=False)
    )
    return back[0] if failing and any(one is back[0] for one in attempt.body) else None


def _all_taken_back(function: Function, name: str) -> list[Statement]:
    return [one for one in walk(function.body) if isinstance(one, Statement) and _sets(one, value=False) == name]


def _attempted(statement: Statement) -> Try | None:
    """Return the attempt in whose body a statement stands."""
    around = statement.parent
    return around if isinstance(around, Try) and any(statement is one for one in around.body) else None


def _never_taken_back(function: Function, name: str, placed: Statement) -> Try | None:
    """Return the attempt behind a flag that swallows failures, where nothing in the file ever takes the flag back.

    So it is with a flag of an entry that says that something goes on, ``entry.swapping``: where all goes well another
    entry takes its place.
    """
    holder, _dot, field = name.rpartition(".")
    if holder in ("", "this") or not (field.endswith("ing") or field.lower() in _BUSY):
        return None
    module = function.module
    for one in module.all(Assign):
        target = strip(one.target)
        if isinstance(target, Member) and target.name == field and one.value is not None:
            value = strip(one.value)
            if not (isinstance(value, Literal) and value.value is True):
                return None
    attempts = (one for one in function.body if isinstance(one, Try) and one.start > placed.start and one.handlers)
    attempt = next((one for one in attempts if not any(exits(handler.body) for handler in one.handlers)), None)
    if attempt is None or not any(_may_fail(wait) for wait in find(attempt.body, Await, into_functions=False)):
        return None
    after = [*attempt.final, *(part for handler in attempt.handlers for part in handler.body)]
    gone = any(isinstance(part, Name) and part.id == holder for part in walk(after))
    return None if gone else attempt


def _may_fail(wait: Await) -> bool:
    """Tell whether what is awaited may fail: not where its error is caught, ``work().catch(tell)``."""
    call = strip(wait.value)
    if isinstance(call, Literal):
        return False  # ``await null`` only lets others run
    return not (isinstance(call, Call) and call.name in _CAUGHT and call.receiver is not None)


def _resets(attempt: Try, name: str) -> bool:
    """Tell whether a ``try`` takes the flag back also where its body failed, or catches everything."""
    if attempt.handlers and not attempt.final:
        return True
    return any(
        isinstance(node, Assign) and _name(node.target) == name for node in walk(attempt.final, into_functions=False)
    )
