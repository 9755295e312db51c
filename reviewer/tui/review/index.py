"""The findings of a run, ready to be grouped and filtered while somebody types."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.experts import EXPERTS
from reviewer.core.scale import Severity
from reviewer.report.verdict import GRAVEST_FIRST
from reviewer.tui.look import severity_style
from reviewer.tui.widgets.row_list import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.core.finding import Finding
    from reviewer.core.review import Review

GROUPINGS: Final = ("severity", "expert", "file", "rule")


class Entry(Struct, frozen=True):
    """One finding of one subject."""

    key: str
    """The same in the next review, as long as it is the same finding."""
    number: int
    """Of the review in the run."""
    subject: str
    finding: Finding
    haystack: str
    """What a filter looks at, in lower case."""

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.finding.location.path}:{self.finding.location.line}"


class FindingIndex:
    """All findings; made off the loop, asked on it."""

    def __init__(self, reviews: Sequence[Review]) -> None:
        """Take the findings of every subject."""
        self._several = len(reviews) > 1
        seen: Counter[str] = Counter()
        self.entries: list[Entry] = []
        for number, review in enumerate(reviews):
            for finding in review.findings:
                mark = f"{review.subject.path}\0{finding.fingerprint}"
                seen[mark] += 1
                self.entries.append(_entry(f"{mark}\0{seen[mark]}", number, review, finding))
        self._sorted = {name: sorted(self.entries, key=_ORDER[name]) for name in GROUPINGS}
        # Made here, off the loop: ten thousand of them take a while.
        self._row = {entry.key: Row(entry.key, entry) for entry in self.entries}
        self._label = {name: {entry.key: self._labelled(entry, name) for entry in self.entries} for name in GROUPINGS}

    def matching(self, query: str, grouping: str, *, accepted: bool) -> list[Entry]:
        """Return the findings that hold every word of a query and none that has a minus before it."""
        words = query.casefold().split()
        wanted = [word for word in words if not word.startswith("-")]
        unwanted = [word[1:] for word in words if word.startswith("-") and len(word) > 1]
        found = [entry for entry in self._sorted[grouping] if accepted or entry.finding.suppressed is None]
        for word in wanted:
            found = [entry for entry in found if word in entry.haystack]
        for word in unwanted:
            found = [entry for entry in found if word not in entry.haystack]
        return found

    def rows(self, entries: Sequence[Entry], grouping: str) -> list[Row[Entry]]:
        """Return findings below the headings of a grouping."""
        rows: list[Row[Entry]] = []
        labels, row_of = self._label[grouping], self._row
        for label, group in groupby([entry.key for entry in entries], key=labels.__getitem__):
            below = [row_of[key] for key in group]
            style = severity_style(Severity(label)) if grouping == "severity" else "bold"
            rows.append(Row(f"heading {label}", None, label, len(below), style))
            rows += below
        return rows

    def _labelled(self, entry: Entry, grouping: str) -> str:
        finding = entry.finding
        if grouping == "severity":
            return finding.severity.value
        if grouping == "expert":
            return finding.expert
        if grouping == "rule":
            return f"{finding.rule} {finding.name}"
        path = finding.location.path
        return f"{entry.subject}/{path}" if self._several else path


def _entry(key: str, number: int, review: Review, finding: Finding) -> Entry:
    subject = review.subject.path
    parts = (
        finding.rule,
        finding.name,
        finding.expert,
        finding.severity.value,
        finding.confidence.value,
        finding.location.path,
        subject,
        finding.message,
    )
    return Entry(key, number, subject, finding, " ".join(parts).casefold())


_RANK: Final = {severity: number for number, severity in enumerate(GRAVEST_FIRST)}


def _by_severity(entry: Entry) -> tuple[object, ...]:
    return (_RANK[entry.finding.severity], entry.number, entry.finding.order)


def _by_expert(entry: Entry) -> tuple[object, ...]:
    return (EXPERTS.index(entry.finding.expert), *_by_severity(entry))


def _by_file(entry: Entry) -> tuple[object, ...]:
    return (entry.number, entry.finding.order)


def _by_rule(entry: Entry) -> tuple[object, ...]:
    return (entry.finding.rule, entry.number, entry.finding.order)


_ORDER: Final[dict[str, Callable[[Entry], tuple[object, ...]]]] = {
    "severity": _by_severity,
    "expert": _by_expert,
    "file": _by_file,
    "rule": _by_rule,
}
