"""Splits TOML into tokens, and refuses what would cost the real parser too much."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.regex import regex
from reviewer.subject.document import DocumentError

if TYPE_CHECKING:
    from reviewer.subject.documents.places import Places

_MAX_PARTS: Final = 32
"""Parts of a dotted key; the parser's time and memory grow with their square."""
_MAX_BRACKETS: Final = 64
_TOKEN: Final = regex(
    r"""(?P<blank>[ \t]++|\#[^\n]*+|\r(?=\n))
      | (?P<line>\n)
      | (?P<mark>[.=,\[\]{}])
      | (?P<bare>[^\s.=,\[\]{}\#"']++)
      | (?P<text>"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+" | '[^'\n]*+')
    """,
    re.VERBOSE,
)


class Token(Struct, frozen=True):
    """A stretch of TOML: ``kind`` is ``line``, ``bare``, ``text`` or a mark itself."""

    kind: str
    start: int
    end: int


def tokens_of(text: str, places: Places) -> list[Token]:
    """Return the tokens up to the first thing that is no TOML, which the parser will then refuse.

    Raises `DocumentError` where brackets or dotted keys go too deep.
    """
    tokens: list[Token] = []
    at = depth = parts = 0
    while at < len(text):
        token = _long_text(text, at) or _next(text, at)
        if token is None:
            break
        at = token.end
        if token.kind == "blank":
            continue
        tokens.append(token)
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.kind, 0)
        parts = parts + 1 if token.kind == "." else parts if token.kind in ("bare", "text") else 0
        if depth > _MAX_BRACKETS:
            raise DocumentError(f"nested deeper than {_MAX_BRACKETS} brackets", places.span(token.start, token.end))
        if parts >= _MAX_PARTS:
            raise DocumentError(f"a key of more than {_MAX_PARTS} parts", places.span(token.start, token.end))
    return tokens


def _next(text: str, at: int) -> Token | None:
    found = _TOKEN.match(text, at)
    if found is None:
        return None
    kind = found.lastgroup or ""
    return Token(found.group() if kind == "mark" else kind, at, found.end())


def _long_text(text: str, at: int) -> Token | None:
    """Return a text in three quotes, or None where none starts or it is not closed."""
    quotes = text[at : at + 3]
    if quotes not in ('"""', "'''"):
        return None
    end = text.find(quotes, at + 3)
    while end >= 0 and quotes == '"""' and _escaped(text, at + 3, end):
        end = text.find(quotes, end + 1)
    if end < 0:
        return None
    end += 3
    # One or two quotes may stand just before the closing ones.
    for _ in range(2):
        if text[end : end + 1] == quotes[0]:
            end += 1
    return Token("text", at, end)


def _escaped(text: str, start: int, at: int) -> bool:
    before = at
    while before > start and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1
