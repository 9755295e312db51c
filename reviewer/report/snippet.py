"""The source lines of a place as data, with the found stretch apart, for formats that lay them out by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.report.escape.terminal import LINE_LIMIT, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.core.location import Edit, Location
    from reviewer.report.options import Sources

_TAB: Final = 4
_BEFORE: Final = 100
"""Characters kept before the found stretch of a line over the limit."""
_WHOLE_SPAN: Final = 6
"""Spans of up to so many lines are shown in full, longer ones by their first and last line."""
_CHANGED: Final = 8
"""Lines of an edit, on each side, up to which it is shown."""


class Row(NamedTuple):
    """One line in three visible parts; ``marked`` is the found stretch, and ``number`` 0 marks a gap."""

    number: int
    before: str
    marked: str
    after: str

    @property
    def text(self) -> str:
        """The whole line."""
        return f"{self.before}{self.marked}{self.after}"


class Change(NamedTuple):
    """A line that an edit takes away (``-``) or brings (``+``), in visible form."""

    sign: str
    text: str


def rows(sources: Sources | None, subject: str, place: Location, context: int = 0) -> tuple[Row, ...]:
    """Return the lines of a place, with up to ``context`` lines around it; nothing where they can't be had."""
    lines = None if sources is None else sources(subject, place.path)
    if lines is None or not 1 <= place.line <= len(lines):
        return ()
    end = max(place.line, min(place.end_line, len(lines)))
    if place.end_column <= 1 and end > place.line:
        end -= 1
    found = list(_spanned(lines, place, end))
    above = range(max(1, place.line - context), place.line)
    below = range(end + 1, min(end + context, len(lines)) + 1)
    return (*(_plain(lines, number) for number in above), *found, *(_plain(lines, number) for number in below))


def changes(sources: Sources | None, subject: str, edit: Edit) -> tuple[Change, ...]:
    """Return the lines that an edit changes, before and after; nothing where they are many or can't be had."""
    place = edit.location
    lines = None if sources is None else sources(subject, place.path)
    if lines is None or not 1 <= place.line <= place.end_line <= len(lines) + 1:
        return ()
    old = lines[place.line - 1 : place.end_line]
    head = lines[place.line - 1][: place.column - 1] if place.line <= len(lines) else ""
    tail = lines[place.end_line - 1][place.end_column - 1 :] if place.end_line <= len(lines) else ""
    new = f"{head}{edit.replacement}{tail}".split("\n")
    if place.end_line > len(lines) and new[-1] == "":
        new.pop()
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    if max(len(old), len(new)) > _CHANGED:
        return ()
    return tuple(Change(sign, visible(line)) for sign, side in (("-", old), ("+", new)) for line in side)


def visible(line: str) -> str:
    """Return a source line with its tabs expanded, cut to what a report repeats, and nothing in it that acts."""
    return show(line.removesuffix("\r").expandtabs(_TAB)[:LINE_LIMIT])


def _spanned(lines: list[str], place: Location, end: int) -> Iterator[Row]:
    """Yield the lines of a span; of a long one the first and the last with a gap between."""
    whole = end - place.line < _WHOLE_SPAN
    for number in range(place.line, end + 1):
        if not whole and number not in (place.line, end):
            if number == place.line + 1:
                yield Row(0, "", "", "")
            continue
        line = lines[number - 1].removesuffix("\r")
        start = place.column - 1 if number == place.line else len(line) - len(line.lstrip())
        stop = place.end_column - 1 if number == place.end_line else len(line)
        yield _row(number, line, start, max(stop, start))


def _plain(lines: list[str], number: int) -> Row:
    return Row(number, visible(lines[number - 1]), "", "")


def _row(number: int, line: str, start: int, stop: int) -> Row:
    low = max(0, start - _BEFORE) if len(line) > LINE_LIMIT else 0
    high = low + LINE_LIMIT
    cut_left, cut_right = "…" if low else "", "…" if high < len(line) else ""
    # Tabs are expanded as a whole, so that what stands after the stretch keeps its column.
    spread = line[low:high].expandtabs(_TAB)
    first = len(line[low : max(start, low)].expandtabs(_TAB))
    last = max(first, len(line[low : min(max(stop, low), high)].expandtabs(_TAB)))
    parts = (spread[:first], spread[first:last], spread[last:])
    before, marked, after = (show(part) for part in parts)
    return Row(number, f"{cut_left}{before}", marked, f"{after}{cut_right}")
