"""Calls that change nothing that is stored: a value that a function made for itself, the answer that it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Expr,
    Index,
    Literal,
    Name,
    Object,
    Param,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_MAKES: Final = frozenset(
    "dict list set OrderedDict defaultdict Counter deque bytearray StringIO BytesIO Map Set Array Headers "
    "URLSearchParams FormData".split()
)
"""Functions and classes by which a function makes a collection for itself."""
_VALUES: Final = word_set("data fields values vals cols columns args kwargs params options opts result results headers")
"""Last words of variables that hold what an answer is made of."""
_ANSWERS: Final = word_set("req request res response resp reply out output stdout stderr buffer buf writer")
"""What an answer is written to."""


def changes_own_value(module: Module, call: Call) -> bool:
    """Tell whether a call changes, or only reads, a value that the function around it made, or writes its answer."""
    receiver = strip(call.receiver) if call.receiver is not None else None
    if receiver is None:
        return False
    if call.name == "replace" and _of_text(call):
        return True
    if call.name == "insert" and len(call.args) == 2 and _is_number(call.args[0]):
        return True  # at a place of a list
    if call.name == "write" and set(last_words(receiver)) & _ANSWERS:
        return True
    while isinstance(receiver, Index):
        receiver = strip(receiver.object)
    return isinstance(receiver, Name) and _is_made_here(module, receiver)


def _of_text(call: Call) -> bool:
    """Tell whether ``replace`` is that of texts or of dates, which gives a new one."""
    first = strip(call.args[0]) if call.args else None
    if first is None:
        return bool(call.keywords)  # ``day.replace(tzinfo=None)``
    return len(call.args) > 1 and isinstance(first, Literal | Template) and not _is_number(first)


def _is_number(value: Expr) -> bool:
    first = strip(value)
    return isinstance(first, Literal) and isinstance(first.value, int | float) and not isinstance(first.value, bool)


def _is_made_here(module: Module, name: Name) -> bool:
    """Tell whether a variable of the function holds a collection made there, or by its name what is only passed on."""
    bound = module.scopes.lookup(name.id, name)
    here = [one for one in bound if isinstance(one, Assign | Param) and function_of(one) is function_of(name)]
    if not here or len(here) < len(bound):
        return False
    if set(words(name.id)[-1:]) & _VALUES:
        return True
    return all(isinstance(one, Assign) and _is_fresh(one.value) for one in here)


def _is_fresh(value: Expr | None) -> bool:
    made = strip(value) if value is not None else None
    return isinstance(made, Array | Object | Comprehension) or (isinstance(made, Call) and made.name in _MAKES)
