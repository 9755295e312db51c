"""Match patterns: which addresses they stand for."""

from __future__ import annotations

from typing import Final

EVERYWHERE: Final = frozenset(
    {"<all_urls>", "*://*/*", "http://*/*", "https://*/*", "*://*/", "https://*/", "http://*/", "*://*:*/*"}
)
"""Patterns that stand for all of the web, or for all of it that is encrypted."""


def is_everywhere(pattern: str) -> bool:
    """Tell whether a pattern leaves no host out."""
    return pattern.strip().lower() in EVERYWHERE
