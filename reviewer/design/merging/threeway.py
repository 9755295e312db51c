"""Merges a person's text and a new generated text, with the last generated text as base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

YOURS: Final = "<<<<<<< yours\n"
BETWEEN: Final = "=======\n"
GENERATED: Final = ">>>>>>> generated\n"
"""Lines that stand around what collides."""


class Merged(NamedTuple):
    """The merged text, and in how many places an edit and a new answer collide."""

    text: str
    collisions: int


def merge(base: str, yours: str, generated: str) -> Merged:
    """Return both changes together; where they collide, both stand, between marks.

    The line endings are those of the person's text.
    """
    from merge3 import Merge3

    crlf = yours.count("\r\n") * 2 > yours.count("\n")
    parts: list[str] = []
    collisions = 0
    merger = Merge3(_lines(base), _lines(yours.replace("\r\n", "\n") if crlf else yours), _lines(generated))
    for group in merger.merge_groups():
        if group[0] != "conflict":
            parts += group[1]
            continue
        collisions += 1
        _, _, mine, theirs = group
        parts += [YOURS, *_ended(mine), BETWEEN, *_ended(theirs), GENERATED]
    text = "".join(parts)
    return Merged(text.replace("\n", "\r\n") if crlf else text, collisions)


def is_marked(text: str) -> bool:
    """Tell whether a text still has the marks of an earlier collision."""
    lines = set(_lines(text.replace("\r\n", "\n")))
    return YOURS in lines and GENERATED in lines


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; a line feed alone ends one, and nothing else that looks like an end."""
    found = text.split("\n")
    return [*(f"{line}\n" for line in found[:-1]), *([found[-1]] if found[-1] else [])]


def _ended(lines: Sequence[str]) -> list[str]:
    """Return lines of which the last one ends, too: a mark follows on a line of its own."""
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]
