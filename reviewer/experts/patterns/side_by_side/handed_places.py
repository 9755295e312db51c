"""Texts that a guest is started with, or that name what it is started with: ``rooms.named(`room_${guest.id}`)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Expr,
    Function,
    Literal,
    Name,
    Object,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.paths import last_name, path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Param

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


def is_prefix(param: Param | None) -> bool:
    """Tell whether a function puts what it is told before each name that it is asked by: ``get(`${start}.${key}`)``.

    The names are those that functions inside of it are given, or the methods of what it constructs: it makes a store
    in which all lies under one beginning.
    """
    maker = param.parent if param is not None else None
    if param is None or not isinstance(maker, Function):
        return False
    if maker.owner is None or maker.kind not in ("constructor", "method"):
        return any(_put_before(text, lambda first: _is_name(first, param.name), maker) for text in walk(maker.body))
    fields = {param.name} if param.access else set()
    for made in walk(maker.body):
        if isinstance(made, Assign) and made.value is not None and _is_name(strip(made.value), param.name):
            fields.add(last_name(made.target))
    begins = maker.kind == "constructor" or maker.name == "__init__"
    return begins and any(
        _put_before(text, lambda first: is_this_member(first) and last_name(first) in fields, maker)
        for method in maker.owner.methods
        for text in walk(method.body)
    )


def _is_name(expr: Expr, name: str) -> bool:
    return isinstance(expr, Name) and expr.id == name


def _put_before(text: Node, begins: Callable[[Expr], bool], maker: Function) -> bool:
    """Tell whether a text begins with something and ends in what the function around it, another one, was given."""
    if isinstance(text, Template):
        if any(isinstance(item, Literal) and " " in str(item.value) for item in text.items):
            return False  # a sentence, and no name
        parts = list(text.holes)
    elif isinstance(text, Binary) and text.op in ("+", "/"):
        parts = [text.left, text.right]
    else:
        return False
    told = [strip(part) for part in parts]
    asked = function_of(text)
    if len(told) < 2 or asked is None or asked is maker or not begins(told[0]):
        return False
    return any(_is_name(told[-1], one.name) for one in asked.params)
