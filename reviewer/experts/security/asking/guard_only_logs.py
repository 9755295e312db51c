"""SEC010: a guard that stands in front of the work only writes down that it refuses, and gives back nothing."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of, siblings
from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    ExprStatement,
    Function,
    If,
    Name,
    Return,
    Statement,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.asking.check_ignored import is_log
from reviewer.experts.security.decisions import asks_permission
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST_SITES: Final = 12
_WARNS: Final = frozenset({"warn", "log", "report", "note", "tell", "audit", "track", "debug", "print", "notify"})
"""Words of a function that only says something, and stops nobody."""


@module_check("SEC010", words=TRIGGERS)
def guard_only_logs(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that ends with a refusal that is only logged for whether work follows its calls."""
    if module.is_test:
        return
    for test in module.all(If):
        function = function_of(test)
        if function is None or test.orelse or not _refuses_at_end(function, test) or not _asks_of_given(function, test):
            continue
        if any(one.value is not None and not _hands_back(function, one) for one in returns_of(function)):
            continue
        if any(True for _ in find(function.body, Throw)):
            continue
        if not asks_permission(module, test.test) or not _is_followed_by_work(module, function):
            continue
        yield Match(
            test.test,
            f"Where '{short(module.text_of(test.test))}' means no, '{function.name}' only writes it down and comes "
            "back as if it had been a yes: whoever called it goes on with the work.",
        )


def _refuses_at_end(function: Function, test: If) -> bool:
    """Tell whether a function ends with nothing but a line in the log where the answer is no.

    ``if (!granted.includes(right)) log(…)``, or ``if (granted.includes(right)) return; log(…)``.
    """
    beside = siblings(test)
    if beside is not function.body:
        return False
    later = beside[beside.index(test) + 1 :]
    if len(later) == 1 and isinstance(later[0], Return) and _hands_back(function, later[0]):
        later = []
    if _is_negated(test):
        return not later and _only_logs(test.body)
    leaves = len(test.body) == 1 and isinstance(test.body[0], Return)
    return leaves and _only_logs(later)


def _hands_back(function: Function, answer: Return) -> bool:
    """Tell whether a guard gives whom it asked about, in its last line and whatever came out: ``return person``."""
    given = strip(answer.value) if answer.value is not None else None
    return isinstance(given, Name) and function.body[-1] is answer


def _asks_of_given(function: Function, test: If) -> bool:
    """Tell whether a function asks of what it is told, and isn't called after a warning that it gives."""
    given = {param.name for param in function.params} - {"self", "cls"}
    asks = any(isinstance(one, Call) or (isinstance(one, Binary) and "in" in one.op) for one in walk(test.test))
    for assign in find(function.body, Assign, into_functions=False):
        if isinstance(assign.target, Name) and assign.value is not None and names_in(assign.value) & given:
            given.add(assign.target.id)
    return asks and bool(names_in(test.test) & given) and not set(words(function.name)) & _WARNS


def _is_negated(test: If) -> bool:
    asked = strip(test.test)
    return (isinstance(asked, Unary) and asked.op == "not") or (isinstance(asked, Binary) and asked.op == "not in")


def _only_logs(statements: list[Statement]) -> bool:
    made = [_call_of(one) for one in statements]
    return bool(made) and all(call is not None and is_log(call) for call in made)


def _call_of(statement: Statement) -> Call | None:
    """Return the call that is all of a statement, waited for or not."""
    value = strip(statement.value) if isinstance(statement, ExprStatement) else None
    value = strip(value.value) if isinstance(value, Await) else value
    return value if isinstance(value, Call) else None


def _is_followed_by_work(module: Module, function: Function) -> bool:
    """Tell whether a call of a function stands alone, and something else is done behind it."""
    for other, call in islice(call_sites(module, function) or (), _MOST_SITES):
        around = call.parent.parent if isinstance(call.parent, Await) else call.parent
        around = around.parent if isinstance(around, Assign) and isinstance(around.parent, ExprStatement) else around
        if not isinstance(around, ExprStatement) or definition(other, call.callee) is not function:
            continue
        beside = siblings(around)
        later = beside[beside.index(around) + 1 :] if around in beside else []
        if any(not is_log(one) for one in calls_in(later, into_functions=False)):
            return True
    return False
