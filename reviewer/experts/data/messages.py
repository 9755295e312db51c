"""Fills the placeholders of a message, and keeps what comes from a subject short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACEHOLDER: Final = regex(r"\{(\w+)\}")
_LONGEST: Final = 80
"""Characters of a subject's text that a message quotes."""


def short(text: str) -> str:
    """Return a stretch of source on one line, cut where it is long."""
    line = " ".join(text[: _LONGEST * 8].split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def fill(message: str, values: Mapping[str, str]) -> str:
    """Put values in for ``{name}``; what a value contains is never looked at again."""
    return _PLACEHOLDER.sub(lambda hit: values.get(hit[1], hit[0]), message)
