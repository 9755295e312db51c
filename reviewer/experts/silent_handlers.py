"""Handlers that take every error or do nothing with it, and the comments that say why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import ExprStatement, Handler, Jump, Literal, Return, strip
from reviewer.code.text.words import words
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement

EVERYTHING: Final = frozenset({"Exception", "BaseException"})
"""Types of Python by which every error, or nearly every one, is caught."""
_SPARSE: Final = 8
"""Letters of a comment that says something."""
_SHRUG: Final = frozenset(
    "ignore ignored op noop nothing optional best expected fine ok okay silent silently swallow harmless".split()
)
"""Words of a short comment that says that the error is meant to be forgotten."""
_EMPTY: Final = (None, False, "")


def goes_on(statement: Statement) -> bool:
    """Tell whether a statement of a handler does nothing: ``pass``, ``continue``, ``...``."""
    if isinstance(statement, Jump):
        return statement.kind == "continue"
    value = strip(statement.value) if isinstance(statement, ExprStatement) else None
    return isinstance(value, Literal)


def gives_nothing(statement: Statement) -> bool:
    """Tell whether a statement of a handler answers with nothing at all: ``return None``, ``return false``."""
    if not isinstance(statement, Return):
        return False
    value = strip(statement.value) if statement.value is not None else None
    return value is None or (isinstance(value, Literal) and value.value in _EMPTY)


def catches_all(module: Module, handler: Handler) -> bool:
    """Tell whether a handler takes every error: always in JavaScript, in Python by its types."""
    if module.language != "python" or not handler.types:
        return True
    return any(last_name(kind) in EVERYTHING for kind in handler.types)


def says_why(module: Module, handler: Handler) -> bool:
    """Tell whether a comment in a handler, or behind it on its last line, says why nothing is done."""
    start, end = handler.raw.start_byte, handler.raw.end_byte
    after = module.source.find(b"\n", end)
    text = module.source[start : after if after >= 0 else len(module.source)].decode("utf-8", "replace")
    return explains(text)


def explains(text: str) -> bool:
    """Tell whether a text of code has a comment of more than a few letters, or one that says that nothing is meant."""
    marked = [line.split(mark, 1)[1] for line in text.split("\n") for mark in ("#", "//", "/*") if mark in line]
    return any(
        (len(said.strip()) > _SPARSE and "noqa" not in said and "eslint" not in said) or _SHRUG & set(words(said))
        for said in marked
    )
