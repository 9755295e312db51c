"""The Markdown of our own pages as plain text for a terminal: no markup library, a few forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.regex import regex
from reviewer.report.colour import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.report.page import Page

_FENCE = regex(r"^ {0,3}(`{3,}|~{3,}) *([^`]*)$")
_ITEM = regex(r"^( *)([-*+]|\d{1,3}[.)]) +(.*)$")
_HEADING = regex(r"^#{1,6} +(.*?) *#*$")
_CODE_SPAN = regex(r"(`+[^`]+`+)")
_LINK = regex(r"\[([^][]{1,200})\]\(<?([^()<>\s]{1,500})>?\)")
_EMPHASIS = regex(r"(?<![\w*])(\*{1,3})(?=[^*\s])([^*]{0,300}[^*\s])\1(?![\w*])")
_INDENT = "  "
_CODE_INDENT = "      "
_TAB = 4


def write_markdown(page: Page, text: str) -> None:
    """Write Markdown: paragraphs and items wrapped, code indented as it stands, tables as they stand."""
    paragraph: list[str] = []
    lines = iter(text.strip("\n").split("\n"))
    for line in lines:
        if (fence := _FENCE.match(line)) is not None:
            _write_paragraph(page, paragraph)
            _write_code(page, lines, fence[1], fence[2].strip())
        elif not line.strip():
            _write_paragraph(page, paragraph)
            page.blank()
        elif (heading := _HEADING.match(line)) is not None:
            _write_paragraph(page, paragraph)
            page.line(_INDENT, (inline(heading[1]), Style.STRONG))
        elif line.lstrip().startswith(("|", ">")):
            _write_paragraph(page, paragraph)
            page.line(_INDENT, line)
        else:
            if _ITEM.match(line):
                _write_paragraph(page, paragraph)
            paragraph.append(line)
    _write_paragraph(page, paragraph)


def inline(text: str) -> str:
    """Return a stretch of prose without emphasis, its links as ``text <address>``, code as it stands."""
    parts = _CODE_SPAN.split(text)
    for index in range(0, len(parts), 2):
        plain = _EMPHASIS.sub(r"\2", parts[index])
        parts[index] = _LINK.sub(lambda link: link[2] if link[1] == link[2] else f"{link[1]} <{link[2]}>", plain)
    return "".join(parts)


def _write_paragraph(page: Page, lines: list[str]) -> None:
    """Write the lines gathered so far as one paragraph or one item, and forget them."""
    if not lines:
        return
    item = _ITEM.match(lines[0])
    if item is None:
        page.wrapped(inline(" ".join(lines)), first=(_INDENT,), rest=(_INDENT,))
    else:
        lead = f"{_INDENT}{item[1]}{item[2]} "
        page.wrapped(inline(" ".join([item[3], *lines[1:]])), first=(lead,))
    lines.clear()


def _write_code(page: Page, lines: Iterator[str], fence: str, info: str) -> None:
    """Write the lines up to the closing fence, below what the opening one says of them."""
    if page.lines and page.lines[-1].startswith(_INDENT):
        page.blank()
    # The info string is the language, the path, and perhaps the case of an example.
    caption = info.partition(" ")[2]
    if caption:
        page.line(_CODE_INDENT[:-2], (caption, Style.FAINT))
    for line in lines:
        if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            break
        page.line(_CODE_INDENT, line.expandtabs(_TAB))
    page.blank()
