"""SEC446: until what was granted has been loaded, everybody may do everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Return,
    Switch,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.security.deciding.decisions import decision_functions
from reviewer.experts.security.deciding.verdicts import says_yes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_THERE: Final = word_set(
    "loaded ready initialised initialized restored synced synchronised synchronized hydrated fetched populated "
    "primed warmed read started complete"
)
"""Last words of a flag that says whether something has been read by now."""
_NOT_YET: Final = word_set("loading starting booting initialising initializing restoring syncing pending warming")
_PLAIN: Final = frozenset({"bool", "Boolean"})


_BEFORE: Final = _NOT_YET | word_set(
    "unloaded uninitialised uninitialized unsynced unready unprimed initial init cold idle unread unstarted connecting"
)
"""Words of a state in which nothing has been read yet."""
_STATES: Final = word_set("state kind status phase stage mode tag type step")
"""Last words of what holds such a state."""


@module_check("SEC446", words=_THERE | _BEFORE)
def open_until_loaded(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look in each decision for a yes that is said because nothing has been read yet."""
    if module.is_test:
        return
    for function in decision_functions(inquiry, module):
        found = next((flag for flag in _opened(function) if flag is not None), None)
        if found is not None:
            yield Match(
                found,
                f"'{function.name}' says yes as long as '{short(module.text_of(found))}': until what was granted has "
                "been read, everybody may do everything.",
            )


def _opened(function: Function) -> Iterator[Expr | None]:
    for test in find(function.body, If, into_functions=False):
        last = test.body[-1] if test.body else None
        if isinstance(last, Return) and says_yes(last.value):
            yield _not_yet(test.test)
    for switch in find(function.body, Switch, into_functions=False):
        yield from _cases(switch)
    for answer in find(function.body, Return, into_functions=False):
        value = strip(answer.value) if answer.value is not None else None
        if isinstance(value, Binary) and value.op == "or":
            yield _not_yet(value)
        elif isinstance(value, Conditional):
            if says_yes(value.then):
                yield _not_yet(value.test)
            elif says_yes(value.other):
                yield _flag(strip(value.test), _THERE)


def _not_yet(test: Expr) -> Expr | None:
    """Return the part of a condition, by itself enough for it, that holds as long as something has not been read."""
    test = strip(test)
    if isinstance(test, Binary) and test.op == "or":
        return _not_yet(test.left) or _not_yet(test.right)
    if isinstance(test, Unary) and test.op == "not":
        return test if _flag(strip(test.operand), _THERE) is not None else None
    if isinstance(test, Binary) and _in_state(test):
        return test
    if isinstance(test, Binary) and test.op == "==" and isinstance(strip(test.right), Literal):
        said = getattr(strip(test.right), "value", None)
        return test if said is False and _flag(strip(test.left), _THERE) is not None else None
    return _flag(test, _NOT_YET)


def _cases(switch: Switch) -> Iterator[Expr | None]:
    """Yield the states that a switch tells apart, and in which nothing has been read, of those that say yes."""
    waiting: list[Expr] = []
    for case in switch.cases:
        waiting += [test for test in case.tests if _says(test, _BEFORE)]
        last = case.body[-1] if case.body else None
        if isinstance(last, Return) and says_yes(last.value):
            yield from waiting[:1]
        if case.body:
            waiting = []


def _says(test: Expr, said: frozenset[str]) -> bool:
    """Tell whether a value is written out and says one of these: ``"unloaded"``, ``State.LOADING``."""
    made = strip(test)
    text = made.value if isinstance(made, Literal) else made.name if isinstance(made, Member) else ""
    return isinstance(text, str) and bool(said & set(words(text)[-1:]))


def _in_state(test: Binary) -> bool:
    """Tell whether a comparison says that nothing has been read: ``state.kind == "unloaded"``, ``state != "ready"``."""
    held, value = strip(test.left), strip(test.right)
    if isinstance(held, Literal):
        held, value = value, held
    name = last_name(held)
    if not name or not words(name) or words(name)[-1] not in _STATES:
        return False
    return _says(value, _BEFORE) if test.op == "==" else test.op == "!=" and _says(value, _THERE)


def _flag(held: Expr, said: frozenset[str]) -> Expr | None:
    """Return an expression that is a flag by its last word, or a question without arguments."""
    if isinstance(held, Call):
        if held.name in _PLAIN and len(held.args) == 1:
            return _flag(strip(held.args[0]), said)
        return held if not held.args and words(held.name)[-1:] and words(held.name)[-1] in said else None
    name = held.name if isinstance(held, Member) else held.id if isinstance(held, Name) else ""
    return held if name and words(name) and words(name)[-1] in said else None
