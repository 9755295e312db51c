"""Identifiers and the words that they are made of."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_IDENTIFIER: Final = re.compile(rb"[A-Za-z_$][A-Za-z0-9_$]*")
_WORD: Final = re.compile(r"\w+")
_LONGEST: Final = 200
"""Characters of an identifier in letters of other shapes that is looked at."""
_PART: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@lru_cache(maxsize=65536)
def words(identifier: str) -> tuple[str, ...]:
    """Split an identifier into its lower-case words: ``mayExportAll`` is ``may``, ``export``, ``all``."""
    return tuple(part.lower() for part in _PART.findall(identifier))


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
    return frozenset(part.lower() for part in set(_PART.findall(" ".join(names))))
