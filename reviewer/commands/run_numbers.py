"""How a person names a run of a store."""

from __future__ import annotations

from reviewer.core.errors import UsageError


def run_number(option: str, text: str) -> int:
    """Return the id of a run as somebody typed it; raises `UsageError`."""
    if not text.isdecimal() or not int(text[:18]):
        raise UsageError(f"{option}: found {text[:40]!r}, expected the number of a run\n  for example: {option} 2")
    return int(text)
