"""The text of SQL: which tables it creates, with their columns and keys, and where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError
from reviewer.core.location import Location
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.subject.model import Subject

NAME: Final = r"[\"`\[]?(?:\w+[\"`\]]?\.[\"`\[]?)?(\w+)[\"`\]]?"
CREATE: Final = regex(rf"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?{NAME}\s*\(", re.IGNORECASE)
UNIQUE: Final = regex(r"\b(?:primary\s+key|unique(?:\s+(?:key|index)\s*\w*)?)\s*\(([^)]*)\)", re.IGNORECASE)
_COMMENT: Final = regex(r"--[^\n]*")
LARGEST: Final = 400_000


def sql_files(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of the SQL files of a subject, comments blanked out."""
    for path in subject.files:
        if path.lower().endswith(".sql"):
            try:
                text = subject.read(path)[:LARGEST].decode("utf-8", "replace")
            except UnreadableError:
                continue
            yield path, without_comments(text)


def without_comments(text: str) -> str:
    """Return a text of SQL with its comments blanked out, so that all else stands where it stood."""
    return _COMMENT.sub(lambda hit: " " * len(hit.group()), text)


def columns(text: str) -> set[str]:
    """Return the names of the columns in a list."""
    return {part.strip().strip('"`[]').split(" ")[0].strip('"`[]').lower() for part in text.split(",")}


def column(part: str) -> tuple[str, str] | None:
    """Return (name, rest) of the definition of a column, or None for a constraint."""
    hit = re.match(r"\s*[\"`\[]?(\w+)[\"`\]]?\s+(.*)", part, re.DOTALL)
    if hit is None or hit.group(1).lower() in ("primary", "unique", "foreign", "constraint", "check", "key", "index"):
        return None
    return hit.group(1).lower(), hit.group(2)


def body(text: str, start: int) -> str:
    """Return what stands between the bracket that was opened and the one that closes it."""
    depth = 1
    for position in range(start, min(len(text), start + 20_000)):
        if text[position] == "(":
            depth += 1
        elif text[position] == ")":
            depth -= 1
            if depth == 0:
                return text[start:position]
    return text[start : start + 20_000]


def parts(body: str) -> list[str]:
    """Split a table's body at the commas outside brackets."""
    found, depth, start = [], 0, 0
    for position, character in enumerate(body):
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "," and depth == 0:
            found.append(body[start:position])
            start = position + 1
    return [*found, body[start:]]


def place(path: str, text: str, start: int, end: int) -> Location:
    """Return the place of a stretch of a text."""
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    end_line, end_column = text.count("\n", 0, end) + 1, end - text.rfind("\n", 0, end)
    return Location(path, line, column, end_line, end_column)
