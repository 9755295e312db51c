"""Source lines around a place, coloured, with the exact span marked by a background and by carets."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.tui.sink import Piece, cells
from reviewer.tui.widgets.colouring import family_of, stretches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.core.location import Location
    from reviewer.tui.widgets.colouring import Stretch
    from reviewer.tui.widgets.sheet import Layout

_LONGEST: Final = 2000
_MOST_LINES: Final = 12
"""Lines of a span that are shown; of a longer one the first and the last."""
_SPAN: Final = "bold underline on $panel"


def write_excerpt(layout: Layout, lines: Sequence[str], place: Location, style: str, *, around: int = 3) -> None:
    """Write the lines of a place, with as many ``around`` it as are known."""
    family = family_of(place.path)
    first, last = max(place.line - around, 1), min(place.end_line + around, len(lines))
    gutter = len(str(last))
    gap = False
    for number in range(first, last + 1):
        inside = place.line <= number <= place.end_line
        if number - place.line > _MOST_LINES and place.end_line - number > 1:
            gap = _write_gap(layout, gutter, gap)
            continue
        text = lines[number - 1]
        start, end = _span(place, number, text) if inside else (0, 0)
        edge = ("┃ ", style) if inside else ("│ ", "$faint")
        room = layout.width - gutter - 3
        pieces, left = _coloured(text[:_LONGEST], family, start, end, room)
        layout.line((f"{number:>{gutter}} ", "$faint"), edge, *pieces)
        if inside and place.line == place.end_line:
            _write_carets(layout, text, (start, end), (gutter, left, room), style)


def _write_gap(layout: Layout, gutter: int, written: bool) -> bool:
    if not written:
        layout.line((f"{'⋮':>{gutter}} │", "$faint"))
    return True


def _span(place: Location, number: int, text: str) -> tuple[int, int]:
    """Return the characters of a line that lie in the place."""
    start = place.column - 1 if number == place.line else len(text) - len(text.lstrip())
    end = place.end_column - 1 if number == place.end_line else len(text)
    return min(start, len(text)), max(min(end, len(text)), start)


def _write_carets(layout: Layout, text: str, span: tuple[int, int], frame: tuple[int, int, int], style: str) -> None:
    """Write carets below a span: a sign of it that needs no colour."""
    gutter, left, room = frame
    _shown, edges = cells(text[:_LONGEST])
    start, end = (edges[min(at, len(edges) - 1)] for at in span)
    offset = start - left
    length = min(max(end - start, 1), room - offset)
    if offset >= 0 and length > 0:
        layout.line((f"{'':>{gutter}} │ ", "$faint"), " " * offset, ("▔" * length, style))


def _coloured(text: str, family: str, start: int, end: int, room: int) -> tuple[list[Piece], int]:
    """Return a line as pieces that fit, and how many columns were cut off at its left."""
    shown, edges = cells(text)
    first = 0
    if edges[-1] > room and edges[min(end, len(shown))] > room:
        wanted = max(edges[min(start, len(shown))] - room // 3, 0)
        first = next(index for index, edge in enumerate(edges) if edge >= wanted)
    cuts = {first, len(shown)}
    coloured = stretches(text, family)
    for low, high in [(start, end), *((one.start, one.end) for one in coloured)]:
        cuts |= {at for at in (low, high) if first < at < len(shown)}
    pieces: list[Piece] = [("…", "$faint")] if first else []
    for low, high in pairwise(sorted(cuts)):
        style = _style_at(low, coloured)
        if start <= low < end:
            style = f"{style} {_SPAN}".strip()
        pieces.append(("".join(shown[low:high]), style))
    return pieces, edges[first] - (1 if first else 0)


def _style_at(index: int, coloured: Sequence[Stretch]) -> str:
    return next((one.style for one in coloured if one.start <= index < one.end), "")
