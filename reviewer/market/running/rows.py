"""From the result of a review to the rows that are kept of it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from reviewer.engine.results import Inventory
from reviewer.market.records import (
    DependencyRow,
    FileRow,
    FindingRow,
    PermissionRow,
    ProblemRow,
    SkippedRow,
    SubjectRow,
)
from reviewer.report.escape.terminal import LINE_LIMIT, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reviewer.core.finding import Finding
    from reviewer.core.review import Permissions
    from reviewer.engine.results import Line, Reviewed, RootResult

NAME: Final = "entry"
"""How a review names its path, so that it says the same wherever the path lies."""
_MOST: Final = 10_000
"""Rows of one kind that are kept of one subject."""
_EXCERPT_LINES: Final = 6
_T = TypeVar("_T")
_R = TypeVar("_R")


def rows_of(result: RootResult, path: str) -> tuple[SubjectRow, ...]:
    """Return the rows of a result; ``path`` is the place that no row may tell."""
    return tuple(_subject(one, Texts(path)) for one in result.reviewed)


class Texts:
    """Texts made fit to be kept: without the place of this run, and such that any program can read them."""

    def __init__(self, path: str) -> None:
        """Take the path that was reviewed."""
        self._path = path

    def __call__(self, text: str) -> str:
        """Return the text, whole."""
        if self._path in text:
            text = text.replace(self._path, NAME)
        if text.isascii() and "\0" not in text:
            return text
        return text.replace("\0", "<U+0000>").encode("utf-8", "backslashreplace").decode()

    def said(self, text: str) -> str:
        """Return what somebody says, without the name at its front and no longer than a field is."""
        return shorten(self(text).removeprefix(f"{NAME}: "))


def _subject(one: Reviewed, text: Texts) -> SubjectRow:
    review, lines = one.review, one.lines
    identity, inventory = review.subject, one.inventory or Inventory()
    left_out: list[str] = []

    def kept(what: str, items: Iterable[_T], row: Callable[[_T], _R]) -> tuple[_R, ...]:
        rest = iter(items)
        rows = tuple(row(item) for item in islice(rest, _MOST))
        more = sum(1 for _ in rest)
        if more:
            left_out.append(f"{more:,} more {what} are not kept")
        return rows

    findings = kept("findings", review.findings, lambda one: _finding(one, lines.get(one.location.path, ()), text))
    skipped = kept(
        "skipped files",
        review.coverage.skipped,
        lambda one: SkippedRow(text(one.path), text.said(one.reason), one.matters),
    )
    problems = kept(
        "problems", review.errors, lambda one: ProblemRow(text(one.rule), text.said(one.message), text(one.path))
    )
    return SubjectRow(
        path=text(identity.path.removeprefix(NAME).lstrip("/")),
        kind=identity.kind,
        ecosystem=identity.ecosystem,
        plugin=text(identity.id or inventory.name),
        version=text(identity.version or inventory.version),
        publisher=text(inventory.publisher),
        manifest=text(identity.manifest),
        score=review.permissions.score,
        files=review.coverage.files,
        analysed=review.coverage.analysed,
        complete=review.complete,
        findings=findings,
        permissions=kept("permissions", _permissions(review.permissions, text), lambda one: one),
        skipped=skipped,
        problems=(*problems, *(ProblemRow("store", what, "") for what in left_out)),
        dependencies=tuple(DependencyRow(text(one.name), text(one.range), one.kind) for one in inventory.needs),
        sources=tuple(FileRow(text(one.path), one.digest, one.bytes) for one in inventory.sources),
    )


def _finding(one: Finding, lines: Iterable[Line], text: Texts) -> FindingRow:
    place = one.location
    return FindingRow(
        rule=one.rule,
        name=one.name,
        expert=one.expert,
        severity=one.severity.value,
        confidence=one.confidence.value,
        message=text.said(one.message),
        path=text(place.path),
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        fingerprint=one.fingerprint,
        excerpt=text("\n".join(_excerpt(lines, place.line, place.end_line))),
        suppressed=one.suppressed.kind if one.suppressed is not None else "",
    )


def _excerpt(lines: Iterable[Line], first: int, last: int) -> Iterator[str]:
    """Yield the first lines of a place, none longer than a report shows."""
    wanted: dict[int, str] = {}
    for line in lines:
        if first <= line.number <= last:
            wanted.setdefault(line.number, ("…" if line.offset else "") + line.text)
    for number in sorted(wanted)[:_EXCERPT_LINES]:
        shown = wanted[number]
        yield shown if len(shown) <= LINE_LIMIT else f"{shown[:LINE_LIMIT]}…"


def _permissions(found: Permissions, text: Texts) -> Iterator[PermissionRow]:
    for how in ("declared", "used", "undeclared", "unused"):
        yield from (PermissionRow(text(one), how) for one in getattr(found, how))
