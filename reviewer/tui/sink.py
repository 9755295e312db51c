"""The one way from text to the screen: nothing that a stranger wrote is markup or a control character."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from textual.content import Content

from reviewer.report.escape.terminal import show, show_character
from reviewer.report.width import columns

if TYPE_CHECKING:
    from collections.abc import Iterable

Piece: TypeAlias = "str | tuple[str, str]"
"""Text of any origin, or such text with a style of our own: names of theme variables and attributes."""

_TAB = 4


def content(*pieces: Piece) -> Content:
    """Return one line of content; line feeds and tabs in it are shown as code points."""
    return Content.assemble(*[(show(text), style) for text, style in map(_parted, pieces) if text])


def prose(text: str) -> Content:
    """Return text of several lines, each of them safe."""
    return Content("\n".join(show(line) for line in text.splitlines()))


def cells(line: str) -> tuple[list[str], list[int]]:
    """Return the visible form of each character of a source line, and the column where each starts (and the end)."""
    shown: list[str] = []
    edges = [0]
    for character in line:
        cell = " " * (_TAB - edges[-1] % _TAB) if character == "\t" else show_character(character)
        shown.append(cell)
        edges.append(edges[-1] + columns(cell))
    return shown, edges


def plain(pieces: Iterable[Piece]) -> str:
    """Return the text of pieces as it will be seen."""
    return "".join(show(text) for text, _style in map(_parted, pieces))


def _parted(piece: Piece) -> tuple[str, str]:
    return (piece, "") if isinstance(piece, str) else piece
