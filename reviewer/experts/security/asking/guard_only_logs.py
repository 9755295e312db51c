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
    Expr,
    ExprStatement,
    Function,
    If,
    Jump,
    Member,
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
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.decisions import asks_permission
from reviewer.experts.security.reaching.log_lines import is_log, is_log_line
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST_SITES: Final = 12
_WARNS: Final = frozenset({"warn", "log", "report", "note", "tell", "audit", "track", "debug", "print", "notify"})
"""Words of a function that only says something, and stops nobody."""
_STOPPED: Final = word_set(
    "recalled revoked banned blocked blocklisted blacklisted denied forbidden suspended quarantined barred withdrawn"
)
"""Words of what is to be stopped."""
_INNER: Final = word_set("private internal loopback reserved local")
_ADDRESSES: Final = word_set("address addresses ip ips host hostname addr")
_LOOKS: Final = frozenset({"has", "includes", "check", "contains"})


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
        told = "only writes it down and" if any(True for _ in calls_in(test.body)) else "says nothing, and"
        yield Match(
            test.test,
            f"Where '{short(module.text_of(test.test))}' means no, '{function.name}' {told} comes "
            "back as if it had been a yes: whoever called it goes on with the work.",
        )


@module_check("SEC010", words=_STOPPED | _INNER)
def stopped_only_logged(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question whether somebody was stopped whose yes leads to a line in the log, and the work goes on."""
    if module.is_test:
        return
    for test in module.all(If):
        function = function_of(test)
        if function is None or test.orelse or set(words(function.name)) & _WARNS:
            continue
        asked = _asks_whether_stopped(_leads_to_log(test))
        if asked is not None and not _asked_again(module, function, asked) and _work_is_behind(test, function):
            yield Match(
                test.test,
                f"Where '{short(module.text_of(test.test))}' says that this is one to be stopped, it is only written "
                "down: the work goes on either way.",
            )


def _leads_to_log(test: If) -> Expr | None:
    """Return what has to hold so that nothing but a line is written: the last thing of a loop stands the other way."""
    if _only_logs(test.body):
        return test.test
    asked, beside = strip(test.test), siblings(test)
    leaves = len(test.body) == 1 and isinstance(test.body[0], Jump)
    if leaves and isinstance(asked, Unary) and asked.op == "not" and _only_logs(beside[beside.index(test) + 1 :]):
        return asked.operand
    return None


def _asks_whether_stopped(test: Expr | None) -> Expr | None:
    """Return what is asked whether it is stopped, or leads inside: ``blocked.has(id)``, ``isPrivate(address)``."""
    asked = strip(test) if test is not None else None
    if isinstance(asked, Binary) and asked.op == "or":
        return _asks_whether_stopped(asked.left) or _asks_whether_stopped(asked.right)
    if isinstance(asked, Call) and asked.args and asked.name in _LOOKS and asked.receiver is not None:
        told = set(path_words(asked.receiver)) & _STOPPED
        return asked.args[0] if told else None
    if isinstance(asked, Binary) and asked.op == "in" and path_words(asked.right) & _STOPPED:
        return asked.left
    said = set(words(asked.name)) if isinstance(asked, Call | Member) else set()
    if "not" in said or "un" in said:
        return None
    of = asked.args[0] if isinstance(asked, Call) and len(asked.args) == 1 else None
    of = asked.object if isinstance(asked, Member) else of
    if of is None or not (said & {"is", "has", "was"}):
        return None
    return of if said & _STOPPED or (said & _INNER and (said | path_words(of)) & _ADDRESSES) else None


def _asked_again(module: Module, function: Function, asked: Expr) -> bool:
    """Tell whether a refusal of the function stands on the same thing."""
    text = module.text_of(asked)
    return any(
        any(isinstance(one, Throw | Return) for one in other.body) and text in module.text_of(other.test)
        for other in find(function.body, If)
    )


def _work_is_behind(test: If, function: Function) -> bool:
    """Tell whether something is done, or answered, behind a test and the loop that it stands in."""
    behind_it = [one for one in walk(function.body, into_functions=False) if one.start >= test.stop]
    return any(
        (isinstance(one, Call) and not is_log(one)) or (isinstance(one, Return) and one.value is not None)
        for one in behind_it
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
        last = test.body[-1:]
        leaves = bool(last) and isinstance(last[0], Return)  # at the end of a function that is the same as nothing
        return not later and (_only_logs(test.body) or (leaves and all(map(is_log_line, test.body[:-1]))))
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
    return bool(statements) and all(map(is_log_line, statements))


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
