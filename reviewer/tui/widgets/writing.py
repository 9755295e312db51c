"""Writes Markdown of our own pages, code and diffs on a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.report.prose import inline
from reviewer.report.width import columns, wrap
from reviewer.tui.sink import Piece, cells
from reviewer.tui.widgets.colouring import family_of, stretches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.tui.widgets.sheet import Layout

_FENCE: Final = regex(r"^ {0,3}(`{3,}|~{3,}) *([^`]*)$")
_ITEM: Final = regex(r"^( {0,12})([-*+]|\d{1,3}[.)]) +(.*)$")
_HEADING: Final = regex(r"^(#{1,6}) +(.*?) *#*$")
_FRONT: Final = "---"
_RULER: Final = regex(r"^[\s|:-]+$")
_MOST_CELL: Final = 60
_LEAST_CELL: Final = 10
_DIFF: Final = {"+": "$text-success", "-": "$text-error", "@": "$text-primary"}


def write_markdown(layout: Layout, text: str) -> None:
    """Write paragraphs, lists, headings, fences and tables."""
    paragraph: list[str] = []
    table: list[str] = []
    lines = iter([*_without_front_matter(text.strip("\n").split("\n")), ""])
    for line in lines:
        if table and not line.lstrip().startswith("|"):
            _write_table(layout, table)
        if (fence := _FENCE.match(line)) is not None:
            _write_paragraph(layout, paragraph)
            language, _, caption = fence[2].strip().partition(" ")
            write_code(layout, "\n".join(_fenced(lines, fence[1])), language, caption=caption)
        elif not line.strip():
            _write_paragraph(layout, paragraph)
            layout.blank()
        elif (heading := _HEADING.match(line)) is not None:
            _write_paragraph(layout, paragraph)
            layout.heading(inline(heading[2]), len(heading[1]))
        elif line.lstrip().startswith("|"):
            _write_paragraph(layout, paragraph)
            table.append(line)
            continue
        elif line.lstrip().startswith(">"):
            _write_paragraph(layout, paragraph)
            layout.prose(inline(line.lstrip().lstrip("> ")), first=(("▏ ", "$faint"),))
        else:
            if _ITEM.match(line):
                _write_paragraph(layout, paragraph)
            paragraph.append(line)
    _write_paragraph(layout, paragraph)


def _without_front_matter(lines: list[str]) -> list[str]:
    """Leave out what a page says of itself to programs."""
    if lines[0].strip() != _FRONT or _FRONT not in lines[1:]:
        return lines
    return lines[lines.index(_FRONT, 1) + 1 :]


def _write_table(layout: Layout, lines: list[str]) -> None:
    """Write the rows gathered so far with their columns in line, and forget them."""
    rows = [[inline(cell.strip()) for cell in _cells_of(line)] for line in lines if not _RULER.match(line)]
    lines.clear()
    count = max((len(row) for row in rows), default=0)
    rows = [row + [""] * (count - len(row)) for row in rows]
    widths = [min(max(columns(row[index]) for row in rows), _MOST_CELL) for index in range(count)]
    room = layout.width - 2 * max(count - 1, 0)
    while sum(widths) > room and max(widths) > _LEAST_CELL:
        widths[widths.index(max(widths))] -= 1
    for number, row in enumerate(rows):
        wrapped = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
        for part in range(max(map(len, wrapped), default=0)):
            texts = [cell[part] if part < len(cell) else "" for cell in wrapped]
            line = "  ".join(text + " " * (width - columns(text)) for text, width in zip(texts, widths, strict=True))
            layout.line((line.rstrip(), "bold" if number == 0 else ""))
    layout.blank()


def _cells_of(line: str) -> list[str]:
    """Return the cells of a row; a bar behind a backslash belongs to its cell."""
    bare = line.strip().removeprefix("|").removesuffix("|")
    return [cell.replace("\0", "|") for cell in bare.replace("\\|", "\0").split("|")]


def _fenced(lines: Iterator[str], fence: str) -> Iterator[str]:
    for line in lines:
        if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            return
        yield line


def _write_paragraph(layout: Layout, lines: list[str]) -> None:
    """Write the lines gathered so far as a paragraph or an item, and forget them."""
    if not lines:
        return
    item = _ITEM.match(lines[0])
    if item is None:
        layout.marked(inline(" ".join(lines)))
    else:
        sign = "·" if item[2] in "-*+" else item[2]
        layout.marked(inline(" ".join([item[3], *lines[1:]])), first=((f"{item[1]}{sign} ", "$text-primary"),))
    lines.clear()


def write_code(layout: Layout, text: str, language: str, *, caption: str = "") -> None:
    """Write code with colours, below the name of its file."""
    if caption:
        layout.blank()
        layout.line((caption, "$faint italic"))
    family = family_of(language)
    for line in text.rstrip("\n").split("\n"):
        shown, _edges = cells(line)
        pieces: list[Piece] = [("▏ ", "$faint")]
        at = 0
        for stretch in stretches(line, family):
            pieces.append("".join(shown[at : stretch.start]))
            pieces.append(("".join(shown[stretch.start : stretch.end]), stretch.style))
            at = stretch.end
        layout.line(*pieces, "".join(shown[at:]))


def write_diff(layout: Layout, text: str) -> None:
    """Write a unified diff; the signs say what the colours say."""
    for line in text.rstrip("\n").split("\n"):
        style = "$faint" if line.startswith(("---", "+++")) else _DIFF.get(line[:1], "")
        shown, _edges = cells(line)
        layout.line(("".join(shown), style))
