"""Functions of a host that refuse by what somebody was granted, and the texts that functions are called with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Call, Literal, Throw, strip
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in
from reviewer.core.regex import regex
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function

_GRANTED: Final = RIGHTS | word_set("allowed allows permitted permits granted may holds entitled")
"""Words of what somebody may."""
_TEXT: Final = regex(r"[A-Za-z][\w.:/-]{2,60}")
_MOST: Final = 200
_FEW: Final = 2
"""Texts by which a guard is told of a right."""


def guards_of(module: Module) -> Iterator[str]:
    """Yield the names of the functions that throw where a test says that what they are told of was not granted."""
    if not _GRANTED & set(module.words):
        return
    for function in module.functions:
        if function.name and function.kind != "constructor" and _refuses(module, function):
            yield function.name


def told_in(module: Module) -> Iterator[tuple[str, str]]:
    """Yield the functions that are called with a text or two, each with the text."""
    count = 0
    for call in module.all(Call):
        said = [one.value for one in map(strip, call.args) if isinstance(one, Literal) and isinstance(one.value, str)]
        for text in said if call.name and len(said) <= _FEW else ():
            if isinstance(text, str) and _TEXT.fullmatch(text) and count < _MOST:
                count += 1
                yield call.name, text


def _refuses(module: Module, function: Function) -> bool:
    given = {param.name for param in function.params if param.name}
    tests: list[Expr] = [c.test for thrown in find(function.body, Throw) for c in conditions(thrown)] if given else []
    if not tests:
        return False
    named = set().union(*(names_in(test) for test in tests))
    made = [one.value for one in find(function.body, Assign) if one.value is not None and names_in(one.target) & named]
    asked = [*tests, *made]
    if not any(names_in(one) & given for one in asked):
        return False
    return any(_GRANTED & set(words(module.text_of(one)[:200])) for one in asked)
