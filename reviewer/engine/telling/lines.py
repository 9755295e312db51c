"""The source lines that a report shows, taken along so that nobody has to open the subject again."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.engine.results import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.core.location import Location
    from reviewer.core.review import Review
    from reviewer.engine.looking.reading import Reading

_WHOLE_SPAN: Final = 6
"""Spans of up to so many lines are taken whole, of longer ones the first and last lines."""
_RELATED: Final = 10
_LONG: Final = 2_000
_BEFORE: Final = 200
_MOST_PLACES: Final = 20_000


def lines_of(review: Review, reading: Reading, context: int = 0) -> dict[str, tuple[Line, ...]]:
    """Return the lines at a review's places, by path and in order, with ``context`` lines around each."""
    wanted: dict[str, set[tuple[int, int]]] = {}
    for place in islice(_places(review), _MOST_PLACES):
        columns = wanted.setdefault(place.path, set())
        columns.update((number, place.column if number == place.line else 1) for number in _numbers(place, context))
    found = {}
    for path in sorted(wanted):
        lines = reading.lines(path)
        if lines is not None:
            taken = {_line(lines, number, column) for number, column in wanted[path]}
            in_order = sorted((line for line in taken if line is not None), key=lambda line: (line.number, line.offset))
            found[path] = tuple(in_order)
    return found


def full_lines(lines: tuple[Line, ...]) -> list[str]:
    """Return a file's lines as a list, empty where they were not taken along."""
    whole = [""] * (lines[-1].number if lines else 0)
    for line in lines:
        before = whole[line.number - 1]
        after = before[line.offset + len(line.text) :]
        whole[line.number - 1] = before[: line.offset].ljust(line.offset) + line.text + after
    return whole


def _places(review: Review) -> Iterator[Location]:
    for finding in review.findings:
        yield finding.location
        for related in finding.related[:_RELATED]:
            yield related.location
        for edit in finding.fix.edits:
            yield edit.location


def _numbers(place: Location, context: int) -> Iterator[int]:
    yield from range(place.line - context, place.line)
    if place.end_line - place.line < _WHOLE_SPAN:
        yield from range(place.line, place.end_line + 1)
    else:
        yield place.line
        yield place.end_line
    yield from range(place.end_line + 1, place.end_line + context + 1)


def _line(lines: list[str], number: int, column: int) -> Line | None:
    if not 0 < number <= len(lines):
        return None
    text = lines[number - 1]
    if len(text) <= _LONG:
        return Line(number, 0, text)
    offset = max(0, column - 1 - _BEFORE)
    return Line(number, offset, text[offset : offset + _LONG])
