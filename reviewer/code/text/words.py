"""Identifiers and the words that they are made of."""

from __future__ import annotations

import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

_IDENTIFIER: Final = regex(rb"[A-Za-z_$][A-Za-z0-9_$]*")
_WORD: Final = regex(r"\w+")
_LONGEST: Final = 200
"""Characters of an identifier in letters of other shapes that is looked at."""
_SEPARATORS: Final = regex(r"[^A-Za-z0-9]+")
_REMEMBERED: Final = 16_384
"""Identifiers whose words are remembered: some 300 bytes each."""
_PART: Final = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


_COMPOUNDS: Final = {
    (first, last): first + last
    for first, endings in (("add", ("on", "ons", "in", "ins")), ("plug", ("in", "ins")))
    for last in endings
}
"""Two words that are one at the end of a name."""


_DIALECT: Final[ContextVar[frozenset[tuple[str, str]]]] = ContextVar("dialect", default=frozenset())
"""The words that the subject at hand has of its own, each with the plain word."""


@contextmanager
def speaking(dialect: frozenset[tuple[str, str]]) -> Iterator[None]:
    """Hear the words of a dialect as the plain words that it gives for them inside the block."""
    before = _DIALECT.set(dialect)
    try:
        yield
    finally:
        _DIALECT.reset(before)


def words(identifier: str) -> tuple[str, ...]:
    """Split an identifier into its lower-case words: ``mayExportAll`` is ``may``, ``export``, ``all``.

    A word that the subject has of its own, for plugins for instance, is the plain one: see `speaking`.
    """
    dialect = _DIALECT.get()
    return _translated(identifier, dialect) if dialect else _split(identifier)


def joined(identifier: str) -> str:
    """Return the words of an identifier as one: ``on_unload`` and ``onUnload`` are ``onunload``."""
    if _DIALECT.get():
        return "".join(words(identifier))
    return _SEPARATORS.sub("", identifier).lower()  # asked of every name of a file, which `words` would all remember


@lru_cache(maxsize=_REMEMBERED)
def _split(identifier: str) -> tuple[str, ...]:
    parts = tuple(part.lower() for part in _PART.findall(identifier))
    whole = _COMPOUNDS.get(parts[-2:])  # ``addOnClick`` adds something, ``loadAddOn`` loads an add-on
    return (*parts[:-2], whole) if whole is not None else parts


@lru_cache(maxsize=_REMEMBERED)
def _translated(identifier: str, dialect: frozenset[tuple[str, str]]) -> tuple[str, ...]:
    plain = dict(dialect)
    return tuple(plain.get(part, part) for part in _split(identifier))


def identifiers(source: bytes) -> frozenset[str]:
    """Return every identifier-like stretch of a source text, comments and strings included.

    Python takes letters of other shapes, such as wide ones, for the plain letters: those too.
    """
    found = frozenset(token.decode("ascii") for token in set(_IDENTIFIER.findall(source)))
    return found if source.isascii() else found | _disguised(source)


def _disguised(source: bytes) -> frozenset[str]:
    """Return the plain spelling of identifiers that are written in letters of other shapes."""
    text = source.decode("utf-8", "replace")
    foreign = {token for token in _WORD.findall(text) if not token.isascii() and len(token) <= _LONGEST}
    plain = (unicodedata.normalize("NFKC", token) for token in foreign)
    return frozenset(token for token in plain if token.isascii() and token.isidentifier())


def all_words(names: frozenset[str]) -> frozenset[str]:
    """Return the words of all the identifiers."""
    # One pass in C over all of them is six times as fast as splitting each.
    found = frozenset(part.lower() for part in set(_PART.findall(" ".join(names))))
    found |= {whole for parts, whole in _COMPOUNDS.items() if found.issuperset(parts)}
    return found | {plain for own, plain in _DIALECT.get() if own in found}
