"""Tells a slip of the pen from another name."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALIKE: Final = 0.87
_LONGEST: Final = 100


def slip_of(name: str, known: Iterable[str]) -> str:
    """Return the known name that differs from this one in a letter or two, or an empty string."""
    close = get_close_matches(name[:_LONGEST], sorted(known), n=1, cutoff=_ALIKE)
    return close[0] if close and close[0] != name else ""
