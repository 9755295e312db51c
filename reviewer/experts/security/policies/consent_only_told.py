"""Consent that is looked at, and decides nothing: what is missing is only told to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, Call, Expr, ExprStatement, If, Member, Name, Return, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, walk
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from reviewer.code.syntax import Function, Node

_TELLS: Final = AUDITS | word_set(
    "log logger warn warning info debug error report record note tell notify emit write append print console"
)


def only_told(function: Function, wish: Node, use: Node, consent: frozenset[str]) -> bool:
    """Tell whether all that a function does with somebody's consent is to compare, and to tell what is missing.

    ``missing = asked.filter(…approved…); if (missing.length) log(missing); held.set(key, asked)``.
    """
    derived = {param.name for param in function.params if _says(param.name, consent)}
    told = 0
    for _ in range(3):  # a name that is made of consent stands for it
        for assign in find(function.body, Assign):
            if isinstance(assign.target, Name) and assign.value is not None and _is_of(assign.value, derived, consent):
                derived.add(assign.target.id)
    for part in walk(function.body):
        if not isinstance(part, Name | Member) or not _is_part(part, derived, consent):
            continue
        where = _where(part, function)
        if isinstance(where, Assign) and isinstance(where.target, Name):
            if inside(wish, where) and inside(use, where):
                return False
            continue
        if isinstance(where, If):
            if exits(where.body) or exits(where.orelse) or inside(use, where):
                return False
            told += 1
        elif not (isinstance(where, Call) and path_words(where.callee) & _TELLS):
            return False
    return told > 0


def _where(part: Node, function: Function) -> Node | None:
    """Return what a value goes to: the variable, the condition, or the call that stands alone."""
    inner: Node = part
    for around in ancestors(part):
        if isinstance(around, Assign) or (isinstance(around, Return | Throw) and function_of(around) is function):
            return around
        if isinstance(around, If):
            return around if inner is around.test else None
        if isinstance(around, ExprStatement):
            made = strip(around.value)
            return made if isinstance(made, Call) else around
        inner = around
    return None


def _is_of(value: Expr, derived: set[str], consent: frozenset[str]) -> bool:
    return any(_is_part(part, derived, consent) for part in walk(value) if isinstance(part, Name | Member))


def _is_part(part: Name | Member, derived: set[str], consent: frozenset[str]) -> bool:
    if isinstance(part, Name):
        return part.id != "this" and (part.id in derived or _says(part.id, consent))
    return _says(part.name, consent)


def _says(name: str, consent: frozenset[str]) -> bool:
    return bool(set(words(name)) & consent)
