"""Names a finding by what was found, so that it is known again when lines move."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.core.finding import Finding

_SPACE: Final = regex(r"\s+")
_LENGTH: Final = 32
"""Hexadecimal digits of a fingerprint: 128 bits."""
_MOST_TEXT: Final = 4000
"""Characters of the found lines that count; a minified line has no end."""


def content_mark(rule: str, path: str, text: str, symbol: str) -> str:
    """Return the mark of a finding by its content alone; equal places of one file share it.

    ``text`` are the found lines, in which spacing does not count; ``symbol`` is the function or
    class around the place, or empty.
    """
    normal = _SPACE.sub(" ", text[:_MOST_TEXT]).strip()
    parts = f"{rule}\x00{path}\x00{symbol}\x00{normal}"
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def number(findings: Iterable[Finding]) -> list[Finding]:
    """Tell equal findings of one file apart by their order; ``findings`` come in the fixed order.

    The first keeps its content mark, the next ones get a fingerprint of mark and index, so that
    one old finding never stands for two new ones.
    """
    seen: dict[str, int] = {}
    numbered = []
    for finding in findings:
        mark = finding.fingerprint
        index = seen.get(mark, 0)
        seen[mark] = index + 1
        if index:
            again = hashlib.sha256(f"{mark}\x00{index}".encode()).hexdigest()[:_LENGTH]
            numbered.append(replace(finding, fingerprint=again))
        else:
            numbered.append(finding)
    return numbered
