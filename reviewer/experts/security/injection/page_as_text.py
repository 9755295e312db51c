"""SEC052: a whole page is written as a text, and what others sent stands in it as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.made import added
from reviewer.code.syntax import Array, Call, Expr, For, Literal, Member, Name, Param, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.injection.bare_texts import TEXTS, as_given
from reviewer.experts.security.injection.escapers import escapers
from reviewer.experts.security.injection.html_from_outside import PLAIN_TEXTS, is_rendered, markup
from reviewer.experts.security.reaching.sinks import said, shown, unlimited
from reviewer.experts.security.values.origins import in_pieces
from reviewer.experts.tooling import is_foreign, is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PAGE: Final = regex(r"(?i)(?:^|[^?])<(?:html|!doctype html|body)[\s>]")
"""What a page has in it, and no part of one; in a pattern, ``(?<body>`` is the name of a group."""
_FILLS: Final = frozenset({"format", "substitute", "safe_substitute", "replace", "replaceAll", "format_map"})
"""Methods of a text that put values into it."""
_SENT: Final = frozenset({"message", "request", "remote", "plugin"})
_MOST: Final = 40
"""Values of one page that are looked at."""


@module_check("SEC052", words={"html", "doctype", "body"})
def page_as_text(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each page that is written as a text for values that nobody escapes."""
    if module.is_test or is_foreign(module.path) or is_tooling(module) or not _has_page(module):
        return
    if next(markup(module), None) is not None:
        return  # the page goes where markup is read, and is told there
    plain = PLAIN_TEXTS | escapers(module)
    for place, values in _pages(module):
        for value in values[:_MOST]:
            found = unlimited(module, value, place, plain) if not is_rendered(module, value) else None
            found = in_pieces(found) if found is not None else None
            if found is None or not (
                found.kinds() & _SENT or ("parameter" in found.kinds() and _is_text(module, value))
            ):
                continue
            yield Match(
                place,
                f"'{shown(module, value, 40)}', which comes from {said(found.worst())}, becomes part of the page as it "
                "is: a script in it runs there.",
            )
            break


def _has_page(module: Module) -> bool:
    """Tell whether a page is written in the file at all."""
    source = module.source.lower()
    return b"<html" in source or b"<!doctype" in source or b"<body" in source


def _pages(module: Module) -> Iterator[tuple[Expr, list[Expr]]]:
    """Yield each page with the values in it: a text with holes, one that is filled in, or lines that are joined."""
    for text in module.all(Template):
        if _is_page(text):
            yield text, text.holes
    for node in module.all(Call):
        if node.name in _FILLS and node.receiver is not None and _is_named_page(module, node.receiver):
            given = node.args[1:] if node.name.startswith("replace") else [*node.args, *node.keywords.values()]
            yield node, given
        elif node.name == "join":
            lines = _lines(module, node)
            if any(_is_page(line) for line in lines):
                yield node, [hole for line in lines if isinstance(line, Template) for hole in line.holes]


def _lines(module: Module, join: Call) -> list[Expr]:
    """Return the lines of a list that a function fills before it joins them."""
    holders = [strip(one) for one in (join.receiver, *join.args) if one is not None]
    names = [one for one in holders if isinstance(one, Name)]
    made = [module.scopes.origin(name) for name in names]
    first = [item for one in made if isinstance(one, Array) for item in one.items]
    return [strip(one) for one in (*first, *(line for name in names for line in added(module, name)))]


def _is_named_page(module: Module, text: Expr) -> bool:
    """Tell whether a text that is filled in is a page of the file: a constant, or a ``Template`` of one."""
    made = module.scopes.origin_by(text, _filled)
    return isinstance(made, Expr) and _is_page(made)


def _filled(made: Expr) -> Expr | None:
    """Return the text that something is filled into."""
    if not isinstance(made, Call):
        return None
    return made.receiver if made.name in _FILLS else made.arg(0) if made.name == "Template" else None


def _is_page(made: Expr) -> bool:
    texts = made.items if isinstance(made, Template) else [made]
    return any(
        isinstance(one, Literal) and isinstance(one.value, str) and _PAGE.search(one.value) is not None for one in texts
    )


def _is_text(module: Module, value: Expr) -> bool:
    """Tell whether a value is, or is put together of, a field of something given that holds what a person typed."""
    made = module.scopes.origin(value)
    for hole in made.holes if isinstance(made, Template) else [value]:
        field = strip(as_given(hole))
        names = list(find(field, Name)) if isinstance(field, Member) else []
        if (
            isinstance(field, Member)
            and set(words(field.name)[-1:]) & TEXTS
            and names
            and all(isinstance(one, Param | For) for one in module.scopes.lookup(names[0].id, names[0]))
        ):
            return True
    return False
