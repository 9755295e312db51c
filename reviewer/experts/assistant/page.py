"""One page of Markdown that an assistant reads: its front matter, and its lines by what they are."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.front_matter import parse_front_matter, split_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.subject.document import Value

_FENCE: Final = regex(r"[ \t]{0,12}(?:[-*+][ \t]|\d{1,3}[.)][ \t])?[ \t]{0,4}(`{3,}|~{3,})(.{0,60})")
_MOST_LINES: Final = 20_000
_LONGEST: Final = 4000
"""Characters of a line that are looked at."""


class Role(StrEnum):
    """What a line of a page is."""

    PROSE = "prose"
    FENCE = "fence"
    """Inside a fenced block of code."""
    QUOTE = "quote"
    TABLE = "table"
    COMMENT = "comment"
    """Inside an HTML comment."""


class Line(Struct, frozen=True):
    """One line of the body, with its number in the file and the section that it stands in."""

    number: int
    text: str
    role: Role
    heading: str = ""
    language: str = ""
    """Of a fenced block, the first word behind its fence."""


class Page(Struct, dict=True):
    """A page with the kind of component that it is: ``skill``, ``command``, ``agent`` or ``reference``."""

    path: str
    kind: str
    text: str
    error: DocumentError | None = None
    fields: Value | None = None

    @property
    def folder(self) -> str:
        """The folder that it lies in, with ``/``."""
        return self.path[: self.path.rfind("/") + 1]

    @cached_property
    def _split(self) -> tuple[list[str], int]:
        return split_page(self.text)

    @property
    def has_front_matter(self) -> bool:
        """Whether it begins with front matter."""
        return self._split[1] > 0

    def get(self, key: str) -> Value | None:
        """Return a value of the front matter, or None."""
        return self.fields.get(key) if self.fields is not None else None

    @property
    def name(self) -> str:
        """What it is called: as its front matter says, else by its file, and a skill by its folder."""
        declared = self.get("name")
        if declared is not None and declared.text.strip():
            return declared.text.strip()
        return self.file_name

    @property
    def file_name(self) -> str:
        """What it is called by where it lies."""
        if self.path.rsplit("/", 1)[-1] == "SKILL.md":
            return self.folder.rstrip("/").rsplit("/", 1)[-1]
        return self.path.rsplit("/", 1)[-1].removesuffix(".md")

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the body."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[Line]:
        lines, length = self._split
        fence, language, heading, comment = "", "", "", False
        for number, whole in enumerate(lines[length:_MOST_LINES], start=length + 1):
            text = whole[:_LONGEST]
            hit = None if comment else _FENCE.match(text)
            if hit is not None and (not fence or (hit[1].startswith(fence) and not hit[2].strip())):
                language = "" if fence else hit[2].strip().lower()
                fence = "" if fence else hit[1]
                yield Line(number, text, Role.FENCE, heading, language)
                continue
            if fence:
                yield Line(number, text, Role.FENCE, heading, language)
                continue
            if comment or "<!--" in text:
                comment = text.rfind("<!--") > text.rfind("-->") or (comment and "-->" not in text)
                yield Line(number, text, Role.COMMENT, heading)
                continue
            bare = text.strip()
            if bare.startswith("#"):
                heading = bare.lstrip("#").strip()
            role = Role.TABLE if bare.startswith("|") else Role.QUOTE if bare.startswith(">") else Role.PROSE
            yield Line(number, text, role, heading)

    def place(self, number: int, start: int = 0, end: int | None = None) -> Location:
        """Return the place of a stretch of a line, by offsets from 0; without an end up to the end of the line."""
        stop = len(self._split[0][number - 1]) if end is None else end
        return Location(self.path, number, start + 1, number, stop + 1)

    @property
    def head(self) -> Location:
        """The first line, where what is missing is told."""
        return self.place(1)


def read_page(path: str, kind: str, data: bytes) -> Page:
    """Read a page; front matter that can't be read is kept as its error."""
    page = Page(path, kind, data.decode("utf-8-sig", "replace"))
    if page.has_front_matter or page.text.startswith("---\n"):
        try:
            page.fields = parse_front_matter(path, data).root
        except DocumentError as error:
            page.error = error
    return page
