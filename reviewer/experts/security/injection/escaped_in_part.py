"""SEC182: markup is put together of values that are escaped and one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Function, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.security.injection.bare_texts import has_tag, is_bare_text
from reviewer.experts.security.injection.escapers import is_escaper

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ESCAPES: Final = word_set("escape escaped esc encode encoded sanitize sanitise purify html text safe attr")


@module_check("SEC182")
def escaped_in_part(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that escapes what it puts between tags for a text that it forgets."""
    if module.is_test or b"</" not in module.source:
        return
    for function in module.functions:
        if function.outer is not None:
            continue
        markup = [made for made in find(function, Template) if has_tag(made)]
        if not escapes_something(module, function):
            continue
        for made in markup:
            bare = next((hole for hole in made.holes if is_bare_text(module, hole)), None)
            if bare is not None:
                yield Match(
                    made if made.line == bare.line else bare,
                    f"'{short(module.text_of(bare))}' goes into the markup as it is, beside values that are escaped: "
                    "what somebody writes there becomes part of the page.",
                    confidence=Confidence.POSSIBLE if _has_grammar(module, bare) else None,
                )


def _has_grammar(module: Module, value: Expr) -> bool:
    """Tell whether the file holds what goes by the name of a value against a pattern: ``NAME.fullmatch(name)``."""
    said = last_name(value)
    return any(last_name(arg) == said for call in module.calls(("fullmatch", "test")) for arg in call.args)


def escapes_something(module: Module, function: Function) -> bool:
    """Tell whether a function escapes anything that it puts between tags."""
    return any(_escapes(module, hole) for made in find(function, Template) if has_tag(made) for hole in made.holes)


def _escapes(module: Module, expr: Expr) -> bool:
    value = strip(expr)
    if not isinstance(value, Call):
        return False
    named = {*words(value.name)[:1], *words(module.resolve(value.callee).rpartition(".")[2])[:1]}
    return bool(named & (_ESCAPES - {"html", "text", "safe", "attr"})) or is_escaper(module, value)
