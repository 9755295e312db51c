"""Regular expressions of rules on text from a subject: RE2, whose time is linear in the text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

_LONGEST: Final = 10_000
"""Characters of a text that are searched."""


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False  # what a subject writes is its own affair, and no message of ours
    return re2.compile(pattern, options)


def found(pattern: str, text: str) -> bool:
    """Tell whether a pattern is found anywhere in a text."""
    return _compiled(pattern).search(text[:_LONGEST]) is not None
