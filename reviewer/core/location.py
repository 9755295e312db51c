"""Places in the files of a subject."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A stretch of one file.

    ``path`` is relative to the subject's root with ``/``. Lines and columns count from 1,
    columns in characters; ``end_column`` is the column after the last character.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a finding."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement of one stretch of text, safe to apply by itself."""

    location: Location
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """How to mend a finding: always in words, and as edits where that is safe."""

    text: str
    edits: tuple[Edit, ...] = ()
