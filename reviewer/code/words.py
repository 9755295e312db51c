"""Identifiers and the words that they are made of."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_IDENTIFIER: Final = re.compile(rb"[A-Za-z_$][A-Za-z0-9_$]*")
_PART: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@lru_cache(maxsize=65536)
def words(identifier: str) -> tuple[str, ...]:
    """Split an identifier into its lower-case words: ``mayExportAll`` is ``may``, ``export``, ``all``."""
    return tuple(part.lower() for part in _PART.findall(identifier))


def identifiers(source: bytes) -> frozenset[str]:
    """Return every identifier-like stretch of a source text, comments and strings included."""
    return frozenset(token.decode("ascii") for token in set(_IDENTIFIER.findall(source)))


def all_words(names: frozenset[str]) -> frozenset[str]:
    """Return the words of all the identifiers."""
    # One pass in C over all of them is six times as fast as splitting each.
    return frozenset(part.lower() for part in set(_PART.findall(" ".join(names))))
