"""What the steps of a review hand to each other; all of it can go through a pipe."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from reviewer.core.finding import Finding
from reviewer.core.review import Permissions, Problem, Review, Skipped
from reviewer.engine.judging.comments import Mark


class FileResult(Struct, frozen=True):
    """What one source file gave, whatever the other files are."""

    path: str
    language: str
    analysed: bool
    """True where every check could look at it."""
    skipped: Skipped | None = None
    findings: tuple[Finding, ...] = ()
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()
    drawn: dict[str, Any] | None = None
    """Facts for the checks of the whole subject, as plain data; None where it is small enough to be walked again."""


class KnownFile(Struct, frozen=True):
    """What a file gave, with the number of its subject in the root."""

    subject: int
    result: FileResult


class WholeResult(Struct, frozen=True):
    """What the subject as a whole gave."""

    findings: tuple[Finding, ...] = ()
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Observed(Struct, frozen=True):
    """What one subject gave before anything of it was judged."""

    base: str
    kind: str
    ecosystem: str
    files: tuple[FileResult, ...]
    whole: WholeResult
    permissions: Permissions | None = None
    """None where the picture could not be drawn."""


class Before(Struct, frozen=True):
    """What an earlier review of the same bytes, with the same wishes, observed."""

    subjects: tuple[Observed, ...]
    unchanged: tuple[str, ...]
    """Rules that would say the same again, and are not to be asked."""


class Line(Struct, frozen=True):
    """A source line that a report may show; of a long one the stretch from ``offset`` on."""

    number: int
    offset: int
    text: str


class Demands(Struct, frozen=True):
    """What the settings of a subject ask of the gate besides a threshold."""

    baseline: str = ""
    """Absolute path of the file with the known findings; empty for none."""
    signoff: bool = False
    maturity: int = 0


class Need(Struct, frozen=True):
    """Something that a subject says it needs: a ``plugin``, a ``package``, a ``peer``, or something ``optional``."""

    name: str
    range: str
    """As it is spelled; empty where none is."""
    kind: str


class SourceFile(Struct, frozen=True):
    """A source file by its content."""

    path: str
    digest: str
    """SHA-256, in hexadecimal digits."""
    bytes: int


class Inventory(Struct, frozen=True):
    """What is in a subject, for whoever compares it with others."""

    name: str = ""
    """Under which it is installed as a package; empty where it is none."""
    version: str = ""
    publisher: str = ""
    needs: tuple[Need, ...] = ()
    sources: tuple[SourceFile, ...] = ()


class Reviewed(Struct, frozen=True):
    """A review with what the gate and the formats need besides."""

    review: Review
    threshold: str
    """The severity that fails the gate for this subject, or ``none``."""
    lines: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    """The lines of its places, by path."""
    demands: Demands = field(default_factory=Demands)
    asked: tuple[str, ...] = ()
    """Rules that ran to the end, sorted."""
    inventory: Inventory | None = None
    """What is in the subject, where somebody asked for it."""


class RootResult(Struct, frozen=True):
    """Everything that one path gave."""

    reviewed: tuple[Reviewed, ...]
    rules_digest: str
    skills: tuple[str, ...] = ()
    """Folders of the user's own rules that took part."""
    interrupted: bool = False
    """True where a worker had to be stopped: another run may come further."""
    observed: tuple[Observed, ...] = ()
    """What each subject gave, where somebody wants to go on from there."""
