"""SEC001: where the rules are missing, a check is made that says yes to all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, in_handler, returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    Literal,
    Object,
    Return,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.security.deciding.entries import asked_for, membership
from reviewer.experts.security.deciding.everything import is_everything
from reviewer.experts.security.deciding.verdicts import says_yes
from reviewer.experts.security.vocabulary import ANSWERING, PERMISSION, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SWITCHES: Final = frozenset({"enabled", "enforced", "enforce", "strict", "active", "on"})
"""Last words of a setting by which somebody says on purpose whether anything is checked."""
_WRAPS: Final = frozenset({"freeze", "seal", "resolve", "assign"})
_WHO_AND_WHAT: Final = 2


@module_check("SEC001", words=ANSWERING)
def stand_in(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what makes a check for what it gives on each of its ways out."""
    if module.is_test:
        return
    for maker in module.functions:
        answers = [] if maker.signature_only else [way for answer in returns_of(maker) for way in _ways(answer)]
        if len(answers) < 2:
            continue
        made = [(answer, dict(_members(module, answer))) for answer in answers]
        for answer, members in made:
            open_to_all = {name for name, function in members.items() if _says_only_yes(function)}
            if not open_to_all or not _is_missing(answer):
                continue
            others = (
                function
                for other, given in made
                if other is not answer
                for name, function in given.items()
                if name in open_to_all and _decides(maker, function)
            )
            if next(others, None) is not None:
                yield Match(
                    answer,
                    f"Where the rules are missing, '{maker.name}' makes a check that says yes to all: a lost file "
                    "opens what they keep closed.",
                )


def _ways(answer: Return) -> Iterator[Expr]:
    """Yield what a way out gives: both sides of ``Rules(file) if file.is_file() else Open()``."""
    value = strip(answer.value) if answer.value is not None else None
    if isinstance(value, Conditional):
        yield from (value.then, value.other)
    elif value is not None:
        yield value


def _members(module: Module, value: Expr) -> Iterator[tuple[str, Function]]:
    """Yield the functions that a value is or has, by the name under which they are called."""
    made = strip(value)
    while isinstance(made, Call) and not made.new and made.name in _WRAPS and made.args:
        made = strip(made.args[0])
    found = definition(module, made.callee) if isinstance(made, Call) else definition(module, made)
    if isinstance(made, Function):
        yield "", made
    elif isinstance(made, Object):
        for key, entry in made.entries:
            inner = strip(entry)
            one = inner if isinstance(inner, Function) else definition(module, inner)
            if isinstance(key, Literal) and isinstance(one, Function):
                yield str(key.value), one
    elif isinstance(made, Call) and isinstance(found, Class):
        yield from ((method.name, method) for method in found.methods if method.kind == "method")
    elif isinstance(found, Function) and not isinstance(made, Call):
        yield "", found


def _says_only_yes(function: Function) -> bool:
    answers = list(returns_of(function))
    if len(function.body) != 1 or len(answers) != 1:
        return False
    return says_yes(answers[0].value) or is_everything(function.module, answers[0].value)


def _is_missing(answer: Expr) -> bool:
    """Tell whether a way out is taken because something is not there: in a handler, or behind a test for nothing."""
    if in_handler(answer) is not None:
        return True
    around = conditions(answer)
    return any(_asks_for_nothing(one.test, one.holds) for one in around) and not any(
        set(last_words(part)[-1:]) & _SWITCHES for one in around for part in find(one.test, Expr)
    )


def _asks_for_nothing(test: Expr, holds: bool) -> bool:
    test = strip(test)
    if isinstance(test, Unary) and test.op == "not":
        return _asks_for_nothing(test.operand, not holds)
    if isinstance(test, Binary) and test.op in ("==", "!="):
        return is_nothing(test.right) and holds is (test.op == "==")
    return not holds


def _decides(maker: Function, function: Function) -> bool:
    """Tell whether a function decides about somebody, by what it looks up or by what it and its maker are called."""
    given = [param.name for param in function.params if param.name]
    answers = [answer.value for answer in returns_of(function) if answer.value is not None]
    if not given or not answers or _says_only_yes(function):
        return False
    sought = [(whole, part) for value in answers for whole, part in map(membership, find(value, Expr))]
    keyed = [
        whole
        for whole, part in sought
        if whole is not None and part is not None and asked_for(function.module, whole, part) is not None
    ]
    named = {*words(maker.name), *words(maker.returns), *words(function.name)}
    return (len(given) >= _WHO_AND_WHAT and bool(keyed)) or bool(named & (PERMISSION | VERBS))
