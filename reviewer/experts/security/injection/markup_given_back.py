"""SEC052: a function gives back markup in which a text of somebody stands as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Expr, Function, Literal, Template
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.injection.bare_texts import is_bare_text
from reviewer.experts.security.injection.escaped_in_part import escapes_something
from reviewer.experts.security.injection.html_from_outside import markup
from reviewer.experts.security.injection.markup_handed_on import handed_pages, templates
from reviewer.experts.tooling import is_foreign, is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ELEMENT: Final = regex(
    r"(?i)</?(?:p|div|span|li|ul|ol|td|th|tr|table|h[1-6]|section|article|header|footer|aside|main|b|strong|em|button|"
    r"label|option|details|summary|figcaption|caption|dd|dt|blockquote)(?:\s[^<>]*)?>"
)
"""A tag of an element that holds text."""
_NAMES: Final = word_set(
    "p div span li ul ol td th tr table h section article header footer aside main b strong em button label option "
    "details summary figcaption caption dd dt blockquote html"
)
_WHOLE: Final = regex(r"(?i)<(?:html|!doctype html|body|title)[\s>]")
"""What a whole page has in it, which is looked at by itself: its title is mostly the host's own name."""


@module_check("SEC052", words=_NAMES)
def markup_given_back(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each text with elements that a function gives back for a hole that nobody escapes."""
    if module.is_test or is_foreign(module.path) or is_tooling(module):
        return
    if not any(_has_element(made) for made in module.all(Template)):
        return
    handed = {id(made) for _call, page in handed_pages(module) for _home, made in templates(module, page)}
    handed |= {id(made) for _place, value in markup(module) for made in find(value, Template)}  # told there
    for function in module.functions:
        for answer in returns_of(function):
            for home, made in templates(module, answer.value) if answer.value is not None else ():
                if home is not module or id(made) in handed or not _has_element(made) or _is_for_a_console(made):
                    continue
                handed.add(id(made))
                yield from _bare(module, made)


def _is_for_a_console(made: Template) -> bool:
    """Tell whether the elements are those by which a console is coloured: ``<c1>…</c1> <fg=red>…</>``."""
    texts = "".join(str(one.value) for one in made.items if isinstance(one, Literal))
    return any(mark in texts for mark in ("</>", "<c1>", "<fg=", "<bg=", "<options="))


def _bare(module: Module, made: Template) -> Iterator[Match]:
    function = _outermost(made)
    if function is not None and escapes_something(module, function):
        return  # said of the part that is left out
    bare = next((hole for hole in made.holes if is_bare_text(module, hole)), None)
    if bare is not None:
        yield Match(
            made if made.line == bare.line else bare,
            f"'{short(module.text_of(bare))}' becomes part of the markup as it is: a script that somebody writes there "
            "runs in the page.",
        )


def _has_element(made: Template) -> bool:
    texts = [one.value for one in made.items if isinstance(one, Literal) and isinstance(one.value, str)]
    return any(_ELEMENT.search(text) for text in texts) and not any(_WHOLE.search(text) for text in texts)


def _outermost(made: Expr) -> Function | None:
    function = function_of(made)
    while function is not None and function.outer is not None:
        function = function.outer
    return function
