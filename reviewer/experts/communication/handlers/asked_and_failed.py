"""COM055: those who are asked one after the other may refuse, and one that fails, or is too late, is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import (
    Assign,
    Call,
    ExprStatement,
    For,
    Handler,
    If,
    Literal,
    Name,
    Return,
    Throw,
    Try,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.silent_handlers import catches_all, goes_on
from reviewer.experts.told_only import only_tells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Statement
    from reviewer.experts.check import Inquiry

_YES: Final = frozenset(
    {"allow", "allowed", "pass", "passed", "ok", "yes", "grant", "granted", "go", "proceed", "accept"}
)


@module_check("COM055", words={"except", "catch"})
def asked_and_failed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that ends with a no at the first who refuses, for what becomes of one who fails."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for loop in module.all(For):
        attempt = next((one for one in loop.body if isinstance(one, Try)), None)
        given = names_in(loop.target) if loop.target is not None else set()
        asked = _asked(attempt, given) if attempt is not None else None
        if attempt is None or asked is None or not _says_yes_behind(loop):
            continue
        handler = next((one for one in attempt.handlers if _passes_over(module, one)), None)
        if handler is not None and _refuses(loop, attempt, asked):
            yield Match(
                handler,
                "One that fails, or is too late, is passed over here, and the answer is yes where nobody else says no: "
                f"a check that crashes before it gives '{asked}' lets everything through.",
                related=((attempt, "its answer may be no"),),
                fix="Refuse where one who may refuse can't be asked: return the no, or raise.",
            )


def _asked(attempt: Try, given: set[str]) -> str | None:
    """Return the name of the answer that an attempt gets from a helper that is handed what the loop is at."""
    for assign in find(attempt.body, Assign, into_functions=False):
        calls = list(calls_in(assign.value or [], into_functions=False))
        told = [strip(arg) for call in calls for arg in call.args]
        handed = any(isinstance(one, Name) and one.id in given for one in told)
        if isinstance(assign.target, Name) and handed and not any(names_in(call.callee) & given for call in calls):
            return assign.target.id
    return None


def _passes_over(module: Module, handler: Handler) -> bool:
    """Tell whether a handler of every error only tells of it and goes on to the next one."""
    silent = bool(handler.body) and all(goes_on(one) or only_tells(one) for one in handler.body)
    return silent and catches_all(module, handler)


def _refuses(loop: For, attempt: Try, asked: str) -> bool:
    """Tell whether a loop leaves with a no for an answer, inside of the attempt or behind it."""
    for test in find([*attempt.body, *attempt.orelse, *loop.body], If, into_functions=False):
        if asked in names_in(test.test) and any(
            isinstance(one, Throw) or (isinstance(one, Return) and _is_no(one.value))
            for one in (*find(test.body, Return, into_functions=False), *find(test.body, Throw, into_functions=False))
        ):
            return True
    return False


def _is_no(value: Expr | None) -> bool:
    """Tell whether what is given back says no: false, a record that begins with it, the answer that refused."""
    made = strip(value) if value is not None else None
    if isinstance(made, Call) and made.args:
        made = strip(made.args[0])
    if isinstance(made, Literal):
        return made.value is False or made.value is None
    return made is not None


def _says_yes_behind(loop: For) -> bool:
    """Tell whether a function says yes behind a loop: ``return True``, ``return Verdict(True)``."""
    beside: list[Statement] = siblings(loop)
    later = beside[beside.index(loop) + 1 :] if loop in beside else []
    last = later[-1] if later and all(isinstance(one, Return | ExprStatement) for one in later) else None
    made = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    first = strip(made.args[0]) if isinstance(made, Call) and made.args else made
    if isinstance(first, Literal):
        return first.value is True or str(first.value).lower() in _YES
    return function_of(loop) is not None and isinstance(made, Call) and bool(set(words(made.name)) & _YES)
