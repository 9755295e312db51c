"""Places in the files of a subject."""

from __future__ import annotations

from msgspec import Struct


class Location(Struct, frozen=True, order=True):
    """A stretch of one file.

    ``path`` is relative to the subject's root with ``/``. Lines and columns count from 1,
    columns in characters; ``end_column`` is the column after the last character.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Related(Struct, frozen=True):
    """A second place that explains a finding."""

    location: Location
    message: str


class Edit(Struct, frozen=True):
    """A replacement of one stretch of text, safe to apply by itself."""

    location: Location
    replacement: str


class Fix(Struct, frozen=True):
    """How to mend a finding: always in words, and as edits where that is safe."""

    text: str
    edits: tuple[Edit, ...] = ()
