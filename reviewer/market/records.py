"""What goes into the store and comes out of it; the fields of a row are the columns of its table."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct
from msgspec.structs import fields

WAITING: Final = "waiting"
DONE: Final = "done"
EMPTY: Final = "empty"
"""There is nothing to review in it."""
REFUSED: Final = "refused"
"""It could not be opened safely, or is not what its source promised."""
FAILED: Final = "failed"
"""The review of it was ended, or broke down."""


class Entry(Struct, frozen=True):
    """One thing to review, as a source names it."""

    source: str
    name: str
    path: str
    version: str = ""
    expected: str = ""
    """The digest that the source promises: ``sha256:…`` or of another kind; empty for none."""
    refused: str = ""
    """Why it is not even to be opened, as its source tells; empty where it is."""
    number: int = 0
    """Its place in the run, from 1; 0 before it has one."""


class Run(Struct, frozen=True):
    """One run over a market."""

    id: int
    started: str
    finished: str | None
    """None while it runs, and after an interruption."""
    tool: str
    rules: str
    settings: dict[str, Any]
    sources: tuple[str, ...]


class FindingRow(Struct, frozen=True):
    """A finding with the lines at its place."""

    rule: str
    name: str
    expert: str
    severity: str
    confidence: str
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    fingerprint: str
    excerpt: str
    suppressed: str


class PermissionRow(Struct, frozen=True):
    """A permission, and whether it is ``declared``, ``used``, ``undeclared`` or ``unused``."""

    permission: str
    how: str


class SkippedRow(Struct, frozen=True):
    """A file that was not looked at."""

    path: str
    reason: str
    matters: bool


class ProblemRow(Struct, frozen=True):
    """Something that went wrong inside a review."""

    rule: str
    message: str
    path: str


class DependencyRow(Struct, frozen=True):
    """Something that a subject needs: a ``plugin``, a ``package``, a ``peer``, or something ``optional``."""

    name: str
    range: str
    kind: str


class FileRow(Struct, frozen=True):
    """A source file by its content."""

    path: str
    digest: str
    bytes: int


class SubjectRow(Struct, frozen=True):
    """What a review says of one subject, with everything that belongs to it."""

    path: str
    kind: str
    ecosystem: str
    plugin: str
    version: str
    publisher: str
    manifest: str
    score: int
    files: int
    analysed: int
    complete: bool
    findings: tuple[FindingRow, ...] = ()
    permissions: tuple[PermissionRow, ...] = ()
    skipped: tuple[SkippedRow, ...] = ()
    problems: tuple[ProblemRow, ...] = ()
    dependencies: tuple[DependencyRow, ...] = ()
    sources: tuple[FileRow, ...] = ()


class Outcome(Struct, frozen=True):
    """What became of one entry; it can go through a pipe or over a network."""

    state: str
    error: str = ""
    digest: str = ""
    subjects: tuple[SubjectRow, ...] = ()
    observed: bytes = b""
    """What a later run can go on from, see `reviewer.market.running.observing`; empty for nothing."""
    lasting: bool = True
    """False where a worker had to be stopped: another run may come further."""
    seconds: float = 0.0


ROWS: Final[dict[str, tuple[str, type[Any]]]] = {
    "finding": ("findings", FindingRow),
    "permission": ("permissions", PermissionRow),
    "skipped": ("skipped", SkippedRow),
    "problem": ("problems", ProblemRow),
    "dependency": ("dependencies", DependencyRow),
    "file": ("sources", FileRow),
}
"""Tables that belong to a subject: the field of `SubjectRow` that holds their rows, and what a row is."""

SCALARS: Final = tuple(
    one.name for one in fields(SubjectRow) if one.name not in {held for held, _kind in ROWS.values()}
)
"""Columns of a subject itself."""
