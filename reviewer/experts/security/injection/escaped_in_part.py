"""SEC182: markup is put together of values that are escaped and one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Param,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.injection.escapers import is_escaper

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ESCAPES: Final = word_set("escape escaped esc encode encoded sanitize sanitise purify html text safe attr")
TEXTS: Final = word_set(
    "title label name caption headline subject summary author username nickname tooltip placeholder description text "
    "message comment note notes body street city address company customer firstname lastname email reason remark"
)
"""Last words of fields that hold what a person typed."""
_CUTS: Final = frozenset(
    "trim strip slice substring title upper lower toUpperCase toLowerCase toString trimEnd trimStart".split()
)
"""Calls that leave the signs of a text as they are."""


@module_check("SEC182", words={"escape", "esc", "encode", "sanitize", "sanitise", "html"})
def escaped_in_part(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that escapes what it puts between tags for a text that it forgets."""
    if module.is_test:
        return
    for function in module.functions:
        if function.outer is not None:
            continue
        markup = [made for made in find(function, Template) if has_tag(made)]
        if not escapes_something(module, function):
            continue
        for made in markup:
            bare = next((hole for hole in made.holes if _is_bare_text(module, hole)), None)
            if bare is not None:
                yield Match(
                    made if made.line == bare.line else bare,
                    f"'{short(module.text_of(bare))}' goes into the markup as it is, beside values that are escaped: "
                    "what somebody writes there becomes part of the page.",
                )


def escapes_something(module: Module, function: Function) -> bool:
    """Tell whether a function escapes anything that it puts between tags."""
    return any(_escapes(module, hole) for made in find(function, Template) if has_tag(made) for hole in made.holes)


def has_tag(made: Template) -> bool:
    """Tell whether a text with holes has a tag of markup in it."""
    return any(isinstance(item, Literal) and "<" in str(item.value) and ">" in str(item.value) for item in made.items)


def as_given(hole: Expr) -> Expr:
    """Return the value that stands in a hole, without what is put there in its absence and without cuts of it."""
    value = strip(hole)
    while True:
        if isinstance(value, Binary) and value.op in ("??", "or", "||"):
            value = strip(value.left)
        elif isinstance(value, Conditional):
            value = strip(value.other if isinstance(value.then, Literal) else value.then)
        elif isinstance(value, Call) and value.name in _CUTS and value.receiver is not None:
            value = strip(value.receiver)
        elif isinstance(value, Call) and value.name in ("String", "str") and len(value.args) == 1:
            value = strip(value.args[0])
        else:
            return value


def _escapes(module: Module, expr: Expr) -> bool:
    value = strip(expr)
    if not isinstance(value, Call):
        return False
    named = {*words(value.name)[:1], *words(module.resolve(value.callee).rpartition(".")[2])[:1]}
    return bool(named & (_ESCAPES - {"html", "text", "safe", "attr"})) or is_escaper(module, value)


def _is_bare_text(module: Module, hole: Expr) -> bool:
    """Tell whether a hole is a field of something given that holds text, and that nobody escaped before."""
    value = strip(as_given(hole))
    if (
        not isinstance(value, Member)
        or not set(words(value.name)[-1:]) & TEXTS
        or set(words(value.name)) & {"html", "safe"}
    ):
        return False
    root: Expr = value
    while isinstance(root, Member):
        root = strip(root.object)
    if not isinstance(root, Name):
        return False
    bound = module.scopes.lookup(root.id, root)
    return bool(bound) and all(isinstance(one, Param | For) or _is_answer(module, one) for one in bound)


def _is_answer(module: Module, binding: object) -> bool:
    """Tell whether a name holds what a function answers that somebody handed over: ``view = render()``."""
    made = strip(binding.value) if isinstance(binding, Assign) and binding.value is not None else None
    asked = strip(made.callee) if isinstance(made, Call) else None
    if not isinstance(asked, Name):
        return False
    bound = module.scopes.lookup(asked.id, asked)
    return bool(bound) and all(isinstance(one, Param | For) for one in bound)
