"""Recognises data under the name of a source file: a model or a table that the program reads as text."""

from __future__ import annotations

import json
from typing import Final

from reviewer.core.regex import regex

_OPENING: Final = regex(rb'\A(?:\xef\xbb\xbf)?\s{0,200}(?:\{\s{0,200}"|\[)')
_LARGEST: Final = 4_000_000


def bare_data(data: bytes) -> str:
    """Return in words that a whole file is JSON, or an empty string.

    What begins with a brace and a quoted name is no program in any language, so nothing is hidden by leaving it out;
    a list is one that does nothing.
    """
    if len(data) > _LARGEST or _OPENING.match(data) is None:
        return ""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return ""
    return "data in JSON, and no code"
