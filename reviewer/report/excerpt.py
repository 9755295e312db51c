"""Source lines with a gutter, carets under the span, and a preview of an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.report.colour import Style
from reviewer.report.escape.terminal import LINE_LIMIT, show_character
from reviewer.report.width import columns

if TYPE_CHECKING:
    from reviewer.core.location import Edit, Location
    from reviewer.report.page import Page

_TAB = 4
_BEFORE = 100
"""Characters kept before the span of a line that is over the limit."""
_WHOLE_SPAN = 3
"""Spans of up to so many lines are shown in full, longer ones by their first and last line."""
_PREVIEWED_LINES = 4


class View(Struct, frozen=True):
    """A source line as it is written: its text, and where the span lies in it, in columns."""

    text: str
    offset: int
    length: int


def view(page: Page, line: str, start: int, end: int, room: int) -> View:
    """Cut the part of a line that shows the span into at most ``room`` columns.

    ``start`` and ``end`` are indexes of characters in the line, ``end`` after the last one; both
    may lie beyond the line. Tabs are expanded, invisible characters shown as code points.
    """
    low = max(0, start - _BEFORE) if len(line) > LINE_LIMIT else 0
    part = line[low : low + LINE_LIMIT]
    cells, edges = _cells(page, part)
    first = min(max(start - low, 0), len(cells))
    last = min(max(end - low, first), len(cells))
    cut_left, cut_right = low > 0, low + LINE_LIMIT < len(line)
    ellipsis = page.glyphs.ellipsis
    left, right = 0, len(cells)
    if edges[-1] + (cut_left + cut_right) * len(ellipsis) > room:
        inner = room - 2 * len(ellipsis)
        if cut_left or edges[last] > inner:
            # Keep about a third of the room for what stands before the span.
            wanted = edges[first] - min(inner // 3, max(inner - (edges[last] - edges[first]), 0))
            left = next(index for index, edge in enumerate(edges) if edge >= wanted)
        while right > left and edges[right] - edges[left] > inner:
            right -= 1
    before = ellipsis if cut_left or left else ""
    after = ellipsis if cut_right or right < len(cells) else ""
    last = min(last, right)
    length = max(edges[last] - edges[first], 1)
    return View(before + "".join(cells[left:right]) + after, len(before) + edges[first] - edges[left], length)


def _whole(page: Page, line: str, room: int) -> View:
    """Cut a line without a span so that it shows what follows the indentation."""
    indentation = len(line) - len(line.lstrip())
    return view(page, line, indentation, indentation, room)


def _cells(page: Page, text: str) -> tuple[list[str], list[int]]:
    """Return the visible form of each character, and the column where each one starts (and the end)."""
    cells: list[str] = []
    edges = [0]
    for character in text:
        if character == "\t":
            cell = " " * (_TAB - edges[-1] % _TAB)
        else:
            cell = show_character(character, ascii_only=not page.options.unicode)
        cells.append(cell)
        edges.append(edges[-1] + columns(cell))
    return cells, edges


class Excerpts(Struct, frozen=True):
    """Writes the lines of one subject's files, all with a gutter of the same width."""

    page: Page
    subject: str
    gutter: int

    def lines(self, path: str) -> list[str] | None:
        """Return the lines of a file of the subject, or None where they can't be had."""
        sources = self.page.options.sources
        return None if sources is None else sources(self.subject, path)

    def margin(self, glyph: str) -> tuple[str, Style]:
        """Return the start of a line without a number: the empty gutter and a glyph."""
        return f"{'':{self.gutter}} {glyph} ", Style.FRAME

    def show(self, place: Location, mark: str, style: Style) -> None:
        """Write the line of a place with ``mark`` under its span, or the first and last of several."""
        lines = self.lines(place.path)
        if lines is None or not 1 <= place.line <= len(lines):
            return
        if place.end_line <= place.line:
            self._single(lines[place.line - 1], place, mark, style)
        else:
            self._several(lines, place, style)

    def _room(self) -> int:
        return self.page.width - self.gutter - 3

    def _row(self, number: int, text: str, *, glyph: str = "", style: Style = Style.FRAME) -> None:
        """Write a numbered line after the bar, or after another glyph."""
        self.page.line((f"{number:>{self.gutter}} {glyph or self.page.glyphs.bar} ", style), text)

    def _single(self, line: str, place: Location, mark: str, style: Style) -> None:
        start = place.column - 1
        seen = view(self.page, line, start, max(place.end_column - 1, start), self._room())
        self._row(place.line, seen.text)
        self.page.line(self.margin(self.page.glyphs.bar), " " * seen.offset, (mark * seen.length, style))

    def _several(self, lines: list[str], place: Location, style: Style) -> None:
        """Bracket a span of several lines at its left."""
        glyphs = self.page.glyphs
        end = min(place.end_line, len(lines))
        # A span that ends before the first character of a line does not reach into that line.
        if place.end_column <= 1 and end > place.line:
            end -= 1
        middle = range(place.line + 1, end) if end - place.line < _WHOLE_SPAN else range(0)
        bar = glyphs.bar
        for number in (place.line, *middle, *([end] if end > place.line else [])):
            bracket = {place.line: glyphs.span_first, end: glyphs.span_last}.get(number, glyphs.span_middle)
            if number == end and end - place.line >= _WHOLE_SPAN:
                self.page.line((f"{glyphs.gap:>{self.gutter}} {bar} ", Style.FRAME), (glyphs.span_middle, style))
            seen = _whole(self.page, lines[number - 1], self._room() - 2)
            self.page.line((f"{number:>{self.gutter}} {bar} ", Style.FRAME), (bracket, style), " ", seen.text)

    def preview(self, edit: Edit) -> None:
        """Write the lines that an edit changes, before and after, where they are few."""
        place = edit.location
        lines = self.lines(place.path)
        if lines is None or not 1 <= place.line <= place.end_line <= len(lines) + 1:
            return
        old = lines[place.line - 1 : place.end_line]
        last = lines[place.end_line - 1] if place.end_line <= len(lines) else ""
        head = lines[place.line - 1][: place.column - 1] if place.line <= len(lines) else ""
        new = f"{head}{edit.replacement}{last[place.end_column - 1 :]}".split("\n")
        if place.end_line > len(lines) and new[-1] == "":
            new.pop()
        while old and new and old[-1] == new[-1]:
            old, new = old[:-1], new[:-1]
        if len(old) > _PREVIEWED_LINES or len(new) > _PREVIEWED_LINES:
            return
        for sign, changed, style in (("-", old, Style.HIGH), ("+", new, Style.GOOD)):
            for offset, text in enumerate(changed):
                seen = _whole(self.page, text.removesuffix("\r"), self._room())
                self._row(place.line + offset, seen.text, glyph=sign, style=style)
