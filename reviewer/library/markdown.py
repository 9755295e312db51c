"""Cuts a Markdown page into its sections and its fences, with the line of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADING: Final = regex(r"(#{1,6})[ \t]")
_FENCE: Final = regex(r" {0,3}(`{3,}|~{3,})")


class Fence(Struct, frozen=True):
    """A fenced block: its info string, its text, and the line of the opening fence."""

    info: str
    text: str
    line: int
    closed: bool


class Section(Struct, frozen=True):
    """A heading with the text below it, up to the next heading of the same level or above."""

    heading: str
    line: int
    text: str
    fences: tuple[Fence, ...]


class Markdown(Struct, frozen=True):
    """A page: what stands before the first section, and the sections in their order."""

    before: str
    sections: tuple[Section, ...]


def read_markdown(text: str, first: int = 1, level: int = 2) -> Markdown:
    """Cut a text whose first line has the number ``first`` at its headings of one level.

    A heading inside a fence is text of the fence. Deeper headings stay inside their section.
    """
    lines = text.split("\n")
    cuts: list[tuple[int, str]] = []
    fences: list[tuple[int, Fence]] = []
    for index, item in _outline(lines):
        if isinstance(item, Fence):
            fences.append((index, Fence(item.info, item.text, item.line + first, item.closed)))
        elif item[0] == level:
            cuts.append((index, item[1]))
    sections = []
    for position, (start, heading) in enumerate(cuts, start=1):
        end = cuts[position][0] if position < len(cuts) else len(lines)
        inside = tuple(fence for index, fence in fences if start < index < end)
        body = "\n".join(lines[start + 1 : end]).strip("\n")
        sections.append(Section(heading, first + start, body, inside))
    before = "\n".join(lines[: cuts[0][0]] if cuts else lines)
    return Markdown(before, tuple(sections))


def _outline(lines: list[str]) -> Iterator[tuple[int, Fence | tuple[int, str]]]:
    """Yield the fences, and the headings as (level, text), each with the index of its line."""
    index = 0
    while index < len(lines):
        opening = _FENCE.match(lines[index])
        info = lines[index][opening.end() :].strip() if opening else ""
        if opening and not (opening[1].startswith("`") and "`" in info):
            end, closed = _closing(lines, index + 1, opening[1])
            indent = opening.start(1)
            body = [_unindented(line, indent) for line in lines[index + 1 : end]]
            text = "".join(f"{line}\n" for line in body)
            yield index, Fence(info, text, index, closed)
            index = end + 1
            continue
        heading = _HEADING.match(lines[index])
        if heading:
            yield index, (len(heading[1]), lines[index][heading.end() :].strip().rstrip("#").rstrip())
        index += 1


def _closing(lines: list[str], start: int, opening: str) -> tuple[int, bool]:
    """Return the index of the line that closes a fence, and whether there is one."""
    for index in range(start, len(lines)):
        bare = lines[index].strip()
        if len(bare) >= len(opening) and not bare.strip(opening[0]) and not lines[index].startswith("    "):
            return index, True
    return len(lines), False


def _unindented(line: str, indent: int) -> str:
    """Take away at most the indentation of the opening fence."""
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]
