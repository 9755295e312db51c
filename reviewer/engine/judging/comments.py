"""Finds the comments of a file that silence rules: ``reviewer: ignore[SEC014] reason``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

MARKER: Final = b"reviewer: ignore"
"""A file without these bytes has no such comment."""

_COMMENT: Final = regex(r"(?P<leader>//|#|/\*|<!--|^\s*\*)\s*(?P<all>reviewer: ignore(?P<rest>[^\n]{0,1000}))")
_REST: Final = regex(r"\s*\[(?P<rules>[^\]]*)\](?P<reason>.*)")
_UNTIL: Final = regex(r"[\s(,;]*\buntil (?P<day>\d{4}-\d{2}-\d{2})\)?\s*$")
_RULE: Final = regex(r"[A-Z]{2,8}\d{1,6}")
_CLOSERS: Final = regex(r"\s*(\*/|-->)\s*$")
_MOST_LINE: Final = 4000
"""Characters of a line that are searched; people don't write comments further out."""
_MOST_MARKS: Final = 2000
"""Comments of one file that are read."""
_SEPARATORS: Final = " \t:-\u2013\u2014"
"""What people put between the rules and the reason."""
EXAMPLE: Final = "reviewer: ignore[SEC014] the reason why that is right"


class Mark(Struct, frozen=True):
    """One comment that silences rules on one line.

    ``mistake`` says what is wrong with a comment that can't be honoured, else it is empty.
    """

    path: str
    line: int
    column: int
    end_column: int
    target: int
    """The line that it speaks about: its own, or for a comment alone on its line the next."""
    rules: tuple[str, ...] = ()
    reason: str = ""
    until: str = ""
    mistake: str = ""


def find_marks(path: str, text: str, is_comment: Callable[[int, int], bool]) -> tuple[Mark, ...]:
    """Return the comments of a file in order.

    ``is_comment`` tells for a line and a column (both from 1) whether a comment stands there
    and not a string that looks like one.
    """
    marks: list[Mark] = []
    waiting: list[int] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        hit = _COMMENT.search(line[:_MOST_LINE]) if "reviewer: ignore" in line else None
        if hit is None or not is_comment(number, hit.start("all") + 1):
            _aim(marks, waiting, number)
            continue
        if len(marks) >= _MOST_MARKS:
            break
        marks.append(_read(path, number, hit))
        if not line[: hit.start()].strip():
            waiting.append(len(marks) - 1)
        else:
            _aim(marks, waiting, number)
    return tuple(marks)


def _aim(marks: list[Mark], waiting: list[int], line: int) -> None:
    """Let comments that stood alone on their lines speak about the line that follows them."""
    for index in waiting:
        old = marks[index]
        marks[index] = Mark(
            old.path, old.line, old.column, old.end_column, line, old.rules, old.reason, old.until, old.mistake
        )
    waiting.clear()


def _read(path: str, line: int, hit: re.Match[str]) -> Mark:
    rest = _CLOSERS.sub("", hit["rest"])
    column = hit.start("all") + 1
    end = column + len("reviewer: ignore") + len(rest.rstrip())
    found = _REST.match(rest)
    if found is None:
        return Mark(path, line, column, end, line, mistake="it names no rule")
    names = [name.strip() for name in found["rules"].split(",")]
    wrong = [name for name in names if not _RULE.fullmatch(name)]
    reason = found["reason"].strip(_SEPARATORS)
    until = ""
    day = _UNTIL.search(reason)
    if day is not None:
        until = day["day"]
        reason = reason[: day.start()].strip()
    rules = tuple(name for name in names if name not in wrong)
    mistake = ""
    if wrong:
        mistake = f"{wrong[0]!r} is not the id of a rule" if wrong[0] else "it names no rule"
    elif not reason:
        mistake = "it gives no reason"
    return Mark(path, line, column, end, line, rules, reason, until, mistake)
