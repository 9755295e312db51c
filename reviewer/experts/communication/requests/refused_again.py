"""COM057: what a server has refused is asked for again, because a refusal is caught like a broken line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Binary, Call, For, Function, If, Literal, Member, Name, Throw, Try, While, strip
from reviewer.code.walk import ancestors, calls_in, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.requests.retried_whatever_failed import asks_the_error
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Handler

_TRIES: Final = frozenset({"attempt", "attempts", "retry", "retries", "retrying", "retried", "tries", "try"})
_STATUS: Final = frozenset({"ok", "status", "status_code", "statusCode", "is_success", "is_error"})
_RAISES: Final = frozenset({"raise_for_status", "urlopen"})
_IN_THREADS: Final = frozenset({"to_thread", "run_in_executor", "run_sync", "submit"})
"""Calls that have a function run that they are handed."""
_MAY_PASS: Final = frozenset("retryable retriable transient temporary permanent fatal 429 503".split())
_DEEPEST: Final = 2


@module_check("COM057", words=_TRIES)
def refused_again(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that tries a number of times whatever failed, for a request whose refusal is thrown."""
    if module.is_test:
        return
    for guard in module.all(Try):
        loop = next((one for one in ancestors(guard) if isinstance(one, For | While | Function)), None)
        if not isinstance(loop, For | While) or not _counts_tries(loop) or len(guard.handlers) != 1:
            continue
        handler = guard.handlers[0]
        if not _takes_all(module, handler) or exits(handler.body) or asks_the_error(loop, handler):
            continue
        refused = _refusal(module, guard)
        if refused is None or said_in(loop.body) & _MAY_PASS:
            continue
        yield Match(
            handler,
            f"This goes round again for every failure, also when '{refused.name}' was refused for good: what is not "
            "allowed, or was wrong from the start, is sent again and again, and the caller learns late.",
            fix="Go round again for broken lines, 429 and 5xx only; throw the others at once.",
            related=((refused, "may be refused here"),),
        )


def _counts_tries(loop: For | While) -> bool:
    """Tell whether a loop tries the same a number of times: it goes through no list of things."""
    if isinstance(loop, For) and loop.target is not None and loop.iterable is not None:
        over = strip(loop.iterable)
        numbers = isinstance(over, Call) and over.name == "range"
        return numbers and bool(said_in([loop.target, loop.iterable]) & _TRIES or _is_unnamed(loop))
    parts = loop.header if isinstance(loop, For) else [loop.test]
    return bool(said_in(parts) & _TRIES)


def _is_unnamed(loop: For) -> bool:
    return isinstance(loop.target, Name) and loop.target.id.strip("_") == ""


def _takes_all(module: Module, handler: Handler) -> bool:
    return all(module.resolve(kind) in ("Exception", "BaseException") for kind in handler.types)


def _refusal(module: Module, guard: Try) -> Call | None:
    """Return the call of a ``try`` that throws when a server says no, itself or in what it calls."""
    for call in calls_in(guard.body, into_functions=False):
        handed = call.args if call.name in _IN_THREADS else ()
        if call.name in _RAISES or any(_throws_refusals(module, one, 0) for one in (call.callee, *handed)):
            return call
    status = (one for one in find(guard.body, Throw, into_functions=False) if _asks_status(one))
    thrown = next(status, None)
    return next(iter(calls_in(guard.body, into_functions=False)), None) if thrown is not None else None


def _throws_refusals(module: Module, run: Expr, depth: int) -> bool:
    """Tell whether a function of the subject, or one that it calls, throws what a server has refused."""
    target = definition(module, run) if depth < _DEEPEST and isinstance(run, Name | Member) else None
    if not isinstance(target, Function):
        return False
    if any(isinstance(one, Try) for one in find(target.body, Try, into_functions=False)):
        return False
    if any(_asks_status(one) for one in find(target.body, Throw, into_functions=False)):
        return True
    calls = list(calls_in(target.body, into_functions=False))
    return any(one.name in _RAISES or _throws_refusals(target.module, one.callee, depth + 1) for one in calls)


def _asks_status(thrown: Throw) -> bool:
    """Tell whether something is thrown for what a server answered, and not only for what may pass."""
    tests = [one.test for one in conditions(thrown)]
    tests += [one.test for one in ancestors(thrown) if isinstance(one, If)]
    for test in tests:
        asked = any(one.name in _STATUS for one in find(test, Member))
        told = [one for one in find(test, Binary) if isinstance(strip(one.right), Literal)]
        passing = any(one.op in (">", ">=") and getattr(strip(one.right), "value", 0) in (499, 500) for one in told)
        passing = passing or any(getattr(strip(one.right), "value", 0) in (429, 503) for one in told)
        if asked and not passing:
            return True
    return False
