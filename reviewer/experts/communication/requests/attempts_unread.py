"""COM057: a loop is told how often it may try, and tries for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Binary, Call, For, Function, Literal, Member, Name, Try, Unary, While
from reviewer.code.text.words import words
from reviewer.code.walk import find, uses_of
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_HOW_OFTEN: Final = frozenset({"attempts", "retries", "tries"})


@module_check("COM057", words=_HOW_OFTEN)
def attempts_unread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each endless loop that tries again for a number of attempts that nothing reads."""
    if module.is_test:
        return
    for function in module.functions:
        name = next((one for one in _told(function) if len(list(_reads(function, one))) == 0), "")
        loop = next((one for one in _endless(function) if _tries_again(one)), None) if name else None
        if loop is not None:
            yield Match(
                loop,
                f"'{name}' says how often this may be tried, and nothing reads it: what fails each time is tried for "
                "as long as the program runs.",
                fix="Count the attempts, and throw the last error when there are no more.",
            )


def _told(function: Function) -> Iterator[str]:
    """Yield the names of a function that hold how often something may be tried."""
    for param in function.params:
        yield from (one for one in (param.name, *param.fields.values()) if one and _is_number_of_tries(one))
    for made in find(function.body, Assign, into_functions=False):
        if isinstance(made.target, Name) and _is_number_of_tries(made.target.id) and made.value is not None:
            given = made.value
            if not isinstance(given, Literal) or (isinstance(given.value, int) and given.value > 1):
                yield made.target.id


def _is_number_of_tries(name: str) -> bool:
    return bool(words(name)) and words(name)[-1] in _HOW_OFTEN


def _reads(function: Function, name: str) -> Iterator[Name]:
    for use in uses_of(name, function):
        if not (isinstance(use.parent, Assign) and use.parent.target is use and use.parent.op == "="):
            yield use


def _endless(function: Function) -> Iterator[For | While]:
    for loop in find(function.body, While, into_functions=False):
        if isinstance(loop.test, Literal) and loop.test.value:
            yield loop
    for turns in find(function.body, For, into_functions=False):
        if turns.iterable is None and turns.style == "c" and not any(_is_test(part) for part in turns.header):
            yield turns


def _is_test(part: Node) -> bool:
    """Tell whether a part of ``for (…; …; …)`` may end it, and does not only count."""
    counts = isinstance(part, Unary) and part.op in ("++", "--")
    return isinstance(part, Binary | Call | Name | Unary | Member) and not counts


def _tries_again(loop: For | While) -> bool:
    """Tell whether a loop goes round again for what it has caught."""
    return any(
        not exits(handler.body) for guard in find(loop.body, Try, into_functions=False) for handler in guard.handlers
    )
