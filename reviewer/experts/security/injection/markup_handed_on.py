"""SEC052: a text that somebody typed stands unescaped in markup that is handed to a panel, a mail or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.reach.made import added
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.place import locate
from reviewer.experts.security.injection.bare_texts import TEXTS, as_given, has_tag, is_bare_text
from reviewer.experts.security.injection.escaped_in_part import escapes_something

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OPTIONS: Final = frozenset(
    "html htmlBody html_body bodyHtml body_html htmlContent html_content html_message htmlMessage".split()
)
_SHOWS: Final = word_set("render show set send post append write update open draw display push add")
_PANELS: Final = word_set(
    "ui panel panels sidebar widget widgets view views dialog dialogs webview page pages mail mailer"
)
_JOINS: Final = frozenset("join trim strip concat slice reverse filter sort encode replace".split())
_PLAIN_TYPES: Final = frozenset({"str", "string"})
_MOST: Final = 60
"""Expressions that are followed for one page."""


@module_check("SEC052", words=_PANELS | {"html", "mail", "mailer", "render", "mimetext"})
def markup_handed_on(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is handed over as markup, through the functions of the subject that put it together."""
    if module.is_test:
        return
    told: set[int] = set()
    for call, page in handed_pages(module):
        for home, made in templates(module, page):
            function = function_of(made)
            if function is not None and escapes_something(home, function):
                continue  # said of the part that is left out
            bare = next((hole for hole in made.holes if is_bare_text(home, hole) or _is_typed(home, hole)), None)
            if bare is None or id(made) in told:
                continue
            told.add(id(made))
            taker = short(module.text_of(call.callee))
            yield Match(
                locate(home, made if made.line == bare.line else bare),
                f"'{short(home.text_of(bare))}' goes into the markup as it is, and '{taker}' hands it on: "
                "what somebody writes there becomes part of the page.",
                related=((call, "handed on here"),) if home is not module or call.line != made.line else (),
            )


def handed_pages(module: Module) -> Iterator[tuple[Call, Expr]]:
    """Yield the calls that are given markup, with it."""
    for call in module.all(Call):
        page = _page_of(module, call)
        if page is not None:
            yield call, page
        for part in _passed_along(module, call):
            yield call, part


def _passed_along(module: Module, call: Call) -> Iterator[Expr]:
    """Yield the markup in a record that a step hands on to those behind it: ``proceed({"blocks": [block]})``."""
    bound = module.scopes.lookup(call.callee.id, call) if isinstance(call.callee, Name) else []
    if not bound or not all(isinstance(one, Param) for one in bound):
        return
    for record in (strip(arg) for arg in call.args):
        for _key, value in record.entries if isinstance(record, Object) else ():
            parts = strip(value)
            for part in parts.items if isinstance(parts, Array) else [parts]:
                made = module.scopes.origin(part)
                if isinstance(made, Template) and has_tag(made):
                    yield part


def _page_of(module: Module, call: Call) -> Expr | None:
    for name in _OPTIONS:
        if name in call.keywords:
            return call.keywords[name]
    options = (strip(arg) for arg in call.args)
    given = next((value for one in options if isinstance(one, Object) for value in [_option(one)] if value), None)
    if given is not None:
        return given
    if call.name == "MIMEText" and len(call.args) > 1 and _says(call.args[1], "html"):
        return call.args[0]
    said = words(call.name)
    shows = bool(said) and said[0] in _SHOWS and call.receiver is not None and bool(call.args)
    if shows and ("html" in said or set(last_words(call.receiver)[-1:]) & _PANELS):
        return call.args[-1]
    return None


def _option(options: Object) -> Expr | None:
    return next((value for name in _OPTIONS if (value := options.get(name)) is not None), None)


def _says(expr: Expr, text: str) -> bool:
    value = strip(expr)
    return isinstance(value, Literal) and value.value == text


def templates(module: Module, page: Expr) -> Iterator[tuple[Module, Template]]:
    """Yield the texts with tags and holes that markup is put together of, with the file that holds each."""
    pending: list[tuple[Module, Expr]] = [(module, page)]
    seen: set[int] = set()
    for _ in range(_MOST):
        if not pending:
            return
        home, expr = pending.pop(0)
        origin = home.scopes.origin(expr)
        value = strip(origin) if isinstance(origin, Expr) else None
        if value is None or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Template) and has_tag(value):
            yield home, value
        pending += _parts(home, value)
        if isinstance(expr, Name):
            pending += [(home, part) for part in added(home, expr)]


def _parts(home: Module, value: Expr) -> list[tuple[Module, Expr]]:
    parts: list[Expr] = []
    if isinstance(value, Template):
        parts = value.holes
    elif isinstance(value, Array):
        parts = value.items
    elif isinstance(value, Binary) and value.op in ("+", "%", "??", "or"):
        parts = [value.left, value.right]
    elif isinstance(value, Conditional):
        parts = [value.then, value.other]
    elif isinstance(value, Comprehension):
        parts = [value.element]
    elif isinstance(value, Call):
        return _of_call(home, value)
    return [(home, part) for part in parts]


def _of_call(home: Module, call: Call) -> list[tuple[Module, Expr]]:
    if call.name == "map" and call.args:
        made = definition(home, call.args[0])
    elif call.name in _JOINS:
        return [(home, part) for part in ([call.receiver] if call.receiver is not None else []) + call.args]
    else:
        made = definition(home, call.callee)
    if not isinstance(made, Function):
        return []
    return [(made.module, given.value) for given in returns_of(made) if given.value is not None]


def _is_typed(home: Module, hole: Expr) -> bool:
    """Tell whether a hole is a field of what was given, or the given itself, that holds a text somebody typed."""
    value = strip(as_given(hole))
    if not isinstance(value, Member | Name):
        return False
    root: Expr = value
    while isinstance(root, Member):
        root = strip(root.object)
    bound = home.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    if not bound or not (
        all(isinstance(one, Param | For | Comprehension) for one in bound)
        or (isinstance(value, Member) and all(_is_waited_for(one) for one in bound))
    ):
        return False
    said = words(value.name if isinstance(value, Member) else value.id)
    if {"html", "safe", "markup", "escaped", "css", "class", "url", "href"} & set(said):
        return False
    kind = declared_type(home, value)
    if kind:
        return kind in _PLAIN_TYPES and (isinstance(value, Member) or bool(set(said[-1:]) & TEXTS))
    return bool(set(said[-1:]) & TEXTS)


def _is_waited_for(binding: object) -> bool:
    """Tell whether a name holds a record that had to be waited for: it comes from a service or a store."""
    made = binding.value if isinstance(binding, Assign) else None
    return isinstance(made, Await) and isinstance(strip(made.value), Call)
