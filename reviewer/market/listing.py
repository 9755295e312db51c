"""Looks through a run a page at a time: findings and subjects, by what they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reviewer.market.facets import BANDS, ECOSYSTEM, RULE, SCORE, SEVERITY, band
from reviewer.market.records import FindingRow
from reviewer.report.verdict import GRAVEST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.market.reading import MarketReader

SUBJECT: Final = "subject"
"""Findings may also be asked for by the entry and the subject in it, as ``12/1``."""

_FINDING: Final = """
SELECT entry, entry_name, entry_version, subject_path, subject_number, ecosystem, plugin, score, number, rule, name,
       expert, severity, confidence, message, path, line, "column", end_line, end_column, fingerprint, excerpt,
       suppressed
FROM (SELECT run_finding.*, owner.path AS subject_path FROM run_finding JOIN subject AS owner ON owner.id = subject)
WHERE run = ? AND suppressed = '' AND {condition} AND (entry, subject_number, number) > (?, ?, ?)
ORDER BY entry, subject_number, number LIMIT ?
"""
_FIRST: Final = """
SELECT DISTINCT entry FROM run_finding WHERE run = ? AND suppressed = '' AND rule = ? ORDER BY entry LIMIT ?
"""
_SUBJECT: Final = """
SELECT entry, entry_name, entry_version, id, number, path, kind, ecosystem, plugin, version, score, files, analysed,
       complete, weight
FROM (SELECT run_subject.*, (SELECT coalesce(sum(CASE severity WHEN 'critical' THEN 1000000 WHEN 'high' THEN 10000
                                                  WHEN 'medium' THEN 100 WHEN 'low' THEN 1 ELSE 0 END), 0)
                             FROM finding WHERE finding.subject = run_subject.id AND suppressed = '') AS weight
      FROM run_subject WHERE run = ? AND {condition})
WHERE (-score, -weight, entry, number) > (?, ?, ?, ?) ORDER BY -score, -weight, entry, number LIMIT ?
"""
_GRAVEST: Final = """
SELECT rule, name, expert, severity, confidence, message, path, line, "column", end_line, end_column, fingerprint,
       excerpt, suppressed
FROM finding WHERE subject = ? AND suppressed = ''
ORDER BY instr('critical high medium low info', severity), number LIMIT ?
"""
_COUNTS: Final = """
SELECT severity, count(*) FROM finding WHERE subject = ? AND suppressed = '' GROUP BY severity
"""
_CONDITION: Final = {
    RULE: "rule = ?",
    SEVERITY: "severity = ?",
    ECOSYSTEM: "ecosystem = ?",
    SUBJECT: "entry = ? AND subject_number = ?",
    SCORE: "score BETWEEN ? AND ?",
}
START: Final = (0, 0, 0)
"""Comes before the first finding."""
BEFORE_ALL: Final = (-101, 0, 0, 0)
"""Comes before the highest score, for those are sorted downwards."""


class Found(NamedTuple):
    """A finding with where it is."""

    entry: int
    entry_name: str
    entry_version: str
    subject_path: str
    subject_number: int
    ecosystem: str
    plugin: str
    score: int
    number: int
    row: FindingRow

    @property
    def mark(self) -> tuple[int, int, int]:
        """Where the next page goes on."""
        return self.entry, self.subject_number, self.number

    @property
    def title(self) -> str:
        """What the subject is called: as it names itself, else as its source does."""
        return f"{self.plugin or self.entry_name} {self.entry_version}".rstrip()


_OF_PLACE: Final = len(Found._fields) - 1
"""Columns before those of the finding itself."""


class Reviewed(NamedTuple):
    """A subject with how many findings of each severity it has."""

    entry: int
    entry_name: str
    entry_version: str
    id: int
    number: int
    path: str
    kind: str
    ecosystem: str
    plugin: str
    version: str
    score: int
    files: int
    analysed: int
    complete: int
    weight: int
    """Of its findings, for the order: one that is graver counts more than any few that are not."""
    counts: dict[str, int]
    """Gravest first; severities without any are left out."""

    @property
    def mark(self) -> tuple[int, int, int, int]:
        """Where the next page goes on."""
        return -self.score, -self.weight, self.entry, self.number

    @property
    def title(self) -> str:
        """What it is called: as it names itself, else as its source does."""
        return f"{self.plugin or self.entry_name} {self.version or self.entry_version}".rstrip()


def findings(
    reader: MarketReader, run: int, by: str, key: str, limit: int, after: tuple[int, int, int] = START
) -> list[Found]:
    """Return a page of the findings of a run, in the order of the entries, that come ``after`` a mark."""
    sql = _FINDING.format(condition=_CONDITION[by])
    rows = reader.ask(sql, run, *_values(by, key), *after, limit)
    return [_found(row) for row in rows]


def first_of_each(reader: MarketReader, run: int, rule: str, limit: int) -> list[Found]:
    """Return a finding of a rule from each of the first entries that have one."""
    sql = _FINDING.format(condition="entry = ? AND +rule = ?")  # by the entry, not through all findings of the rule
    entries = [row[0] for row in reader.ask(_FIRST, run, rule, limit)]
    return [_found(row) for entry in entries for row in reader.ask(sql, run, entry, rule, *START, 1)]


def subjects(
    reader: MarketReader, run: int, by: str, key: str, limit: int, after: tuple[int, int, int, int] = BEFORE_ALL
) -> list[Reviewed]:
    """Return a page of the subjects of a run that come ``after`` a mark: by score, then by their findings."""
    rows = list(reader.ask(_SUBJECT.format(condition=_CONDITION[by]), run, *_values(by, key), *after, limit))
    found = []
    for row in rows:
        counts = {one[0]: one[1] for one in reader.ask(_COUNTS, row["id"])}
        ordered = {word.value: counts[word.value] for word in GRAVEST_FIRST if word.value in counts}
        found.append(Reviewed._make((*row, ordered)))
    return found


def gravest(reader: MarketReader, subject: int, limit: int) -> list[FindingRow]:
    """Return the first findings of a subject by its id, gravest first."""
    return [FindingRow(*row) for row in reader.ask(_GRAVEST, subject, limit)]


def _found(row: Iterable[Any]) -> Found:
    values = tuple(row)
    return Found._make((*values[:_OF_PLACE], FindingRow(*values[_OF_PLACE:])))


def _values(by: str, key: str) -> tuple[str | int, ...]:
    if by == SCORE:
        return next(one for one in BANDS if band(*one) == key)
    if by == SUBJECT:
        entry, number = key.split("/")
        return int(entry), int(number)
    return (key,)
