"""Texts that a guest is started with, or that name what it is started with: ``rooms.named(`room_${guest.id}`)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Cast, Expr, Name, Object
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.lifecycle.hooks import hooks_of
from reviewer.experts.paths import path_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_NO_PLACES: Final = word_set(
    "log logs logger logging child metrics meter tracer bus event events topic topics command commands http net fetch "
    "console timer timers clock translate i18n rights grants policy consents permissions require import url error "
    "title label message config settings version"
)
"""Words of what is asked under a plugin's name and keeps nothing for it."""
_DEEPEST: Final = 8


def handed_to_guest(module: Module, node: Expr) -> bool:
    """Tell whether a text goes into what a guest is started with: as it is, or by what is made under it."""
    starts = [use.call for use in hooks_of(module) if use.kind == "start"]
    return bool(starts) and _goes_into(module, node, starts)


def _goes_into(module: Module, node: Expr, starts: list[Call]) -> bool:
    inner: Node = node
    for _ in range(_DEEPEST):
        around = inner.parent
        if isinstance(around, Call):
            if any(around is start for start in starts):
                return inner is not around.callee
            if inner is around.callee or path_words(around.callee) & _NO_PLACES:
                return False
        elif isinstance(around, Assign):
            return inner is around.value and _is_used_in(around, starts)
        elif not isinstance(around, Object | Await | Cast):
            return False
        inner = around
    return False


def _is_used_in(made: Assign, starts: list[Call]) -> bool:
    """Tell whether what a variable of the function holds is given to a start."""
    name = made.target.id if isinstance(made.target, Name) else ""
    return (
        bool(name)
        and not _NO_PLACES & set(words(name))
        and any(
            used.id == name
            for start in starts
            if function_of(start) is function_of(made)
            for given in (*start.args, *start.keywords.values())
            for used in find(given, Name)
        )
    )
