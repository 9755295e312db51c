"""LIF055: a flag keeps others out while something runs, and stays set when that fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.scope import is_this_member
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
            taken = _taken_back(function.body, name, placed)
            if taken is not None:
                yield Match(
                    placed,
                    f"When something between here and line {taken.line} throws, '{name.removeprefix('this.')}' stays "
                    f"set, and '{function.name or 'this function'}' turns every later call away.",
                    related=((taken, "taken back only when all went well"),),
                )


def _name(expr: Expr) -> str:
    expr = strip(expr)
    if isinstance(expr, Member) and is_this_member(expr):
        return f"this.{expr.name}"
    return expr.id if isinstance(expr, Name) else ""


def _sets(statement: Statement, value: bool) -> str:
    """Return the flag that a statement sets to a value."""
    made = statement.value if isinstance(statement, ExprStatement) else statement
    if not isinstance(made, Assign) or not isinstance(made.value, Literal) or made.value.value is not value:
        return ""
    return _name(made.target) if not made.declare else ""


def _set(body: list[Statement]) -> Iterator[tuple[str, Statement]]:
    for statement in body:
        name = _sets(statement, value=True)
        if name:
            yield name, statement


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
