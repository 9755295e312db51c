"""COM053: a request whose answer is no good is sent again at once, in an endless loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Return,
    Throw,
    While,
    strip,
)
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset("fetch get post put patch delete request send urlopen".split())
_GOOD: Final = frozenset({"ok", "status", "status_code", "statusCode", "is_success", "success"})
_BOUNDS: Final = frozenset(
    "attempt attempts retries tries count left max remaining tried budget limit sleep delay pause backoff settimeout "
    "retry_after jitter throttle interval cooldown wait".split()
)


@module_check("COM053", words={"while"})
def asked_again_until_good(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each endless loop that leaves where an answer is good, for a pause and for an end."""
    if module.is_test:
        return
    for loop in module.all(While):
        if not _endless(loop) or spoken(loop.body) & _BOUNDS:
            continue
        asked = _asked(loop)
        if asked is None or not _leaves_when_good(loop, asked) or _ends_otherwise(loop, asked):
            continue
        yield Match(
            loop,
            "A request whose answer is no good is sent again at once and for ever: while the other side is down this "
            "loop does nothing else, and adds to its load.",
        )


def _endless(loop: While) -> bool:
    test = strip(loop.test)
    return isinstance(test, Literal) and test.value in (True, 1)


def _asked(loop: While) -> str | None:
    """Return the variable that holds the answer to what each round asks another machine."""
    for statement in walk(loop.body, into_functions=False):
        if not isinstance(statement, Assign) or not isinstance(statement.target, Name) or statement.value is None:
            continue
        call = strip(statement.value)
        awaited = any(True for _ in find(statement.value, Await))
        if awaited and isinstance(call, Call) and call.name in _ASKS and (call.args or call.keywords):
            return statement.target.id
    return None


def _leaves_when_good(loop: While, answer: str) -> bool:
    return any(exits(one.body) and _speaks_of(one.test, answer) for one in find(loop.body, If, into_functions=False))


def _speaks_of(test: Expr, answer: str) -> bool:
    """Tell whether a test asks whether an answer is good: ``answer.ok``, ``answer.status == 202``."""
    return any(
        member.name in _GOOD and isinstance(holder := strip(member.object), Name) and holder.id == answer
        for member in find(test, Member)
    )


def _ends_otherwise(loop: While, answer: str) -> bool:
    """Tell whether anything else ends the loop, or what is asked for changes from one round to the next."""
    for one in find(loop.body, If, into_functions=False):
        if exits(one.body) and not _speaks_of(one.test, answer):
            return True
    inside = [part for one in find(loop.body, If, into_functions=False) for part in walk(one.body)]
    for part in walk(loop.body, into_functions=False):
        leaves = isinstance(part, Return | Throw) or (isinstance(part, Jump) and part.kind == "break")
        if leaves and not any(part is one for one in inside):
            return True
        if isinstance(part, Assign) and isinstance(part.target, Name) and part.target.id != answer:
            return True  # the next page, the next address
    compared = [one for one in find(loop.body, Binary) if one.op in ("<", ">", "<=", ">=")]
    return any(not _speaks_of(one, answer) for one in compared) or len(list(calls_in(loop.body))) > 6
