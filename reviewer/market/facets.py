"""A run in numbers: by severity, rule, ecosystem and score, each with how many findings and how many entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reviewer.core.scale import Severity
from reviewer.report.verdict import GRAVEST_FIRST

if TYPE_CHECKING:
    from reviewer.market.reading import MarketReader

SEVERITY, RULE, ECOSYSTEM, SCORE = FACETS = ("severity", "rule", "ecosystem", "score")
"""By what a market is looked through."""

_STATES: Final = "SELECT state, count(*), sum(reused) FROM entry WHERE run = ? GROUP BY state"
_COVERED: Final = """
SELECT count(*), sum(files), sum(analysed), sum(complete = 0) FROM entry JOIN subject USING (result) WHERE run = ?
"""
_FOUND: Final = """
SELECT rule, finding.name, expert, severity, ecosystem, count(*)
FROM entry JOIN subject USING (result) JOIN finding ON finding.subject = subject.id
WHERE run = ? AND suppressed = '' GROUP BY rule, finding.name, expert, severity, ecosystem
"""
_WITH_FINDINGS: Final = """
SELECT {column}, count(DISTINCT entry.number)
FROM entry JOIN subject USING (result) JOIN finding ON finding.subject = subject.id
WHERE run = ? AND suppressed = '' GROUP BY {column}
"""
_ENTRIES_BY: Final = {
    name: _WITH_FINDINGS.format(column=column)
    for name, column in ((RULE, "rule"), (SEVERITY, "severity"), (ECOSYSTEM, "ecosystem"))
}
_ECOSYSTEMS: Final = """
SELECT ecosystem, count(*) FROM entry JOIN subject USING (result) WHERE run = ? GROUP BY ecosystem
"""
_SCORES: Final = """
SELECT score, count(*) FROM entry JOIN subject USING (result) WHERE run = ? GROUP BY score
"""

BANDS: Final = ((81, 100), (61, 80), (41, 60), (21, 40), (1, 20), (0, 0))
"""Scores from and to, the highest first."""


class Tally(NamedTuple):
    """One line of a facet."""

    key: str
    """What it is asked for by: a rule's id, a severity, an ecosystem, or a band as ``21-40``."""
    name: str
    """Of a rule; empty for anything else."""
    severity: str
    """The gravest of its findings; empty where it has none, and for scores."""
    expert: str
    """Of a rule; empty for anything else."""
    findings: int
    subjects: int
    """How many entries have one of the findings; of a score how many subjects have it."""
    out_of: int = 0
    """Of an ecosystem: how many subjects it has in all."""


class Overview(NamedTuple):
    """All numbers of a run."""

    states: dict[str, int]
    """Entries by what became of them."""
    reused: int
    subjects: int
    files: int
    analysed: int
    incomplete: int
    """Subjects of which something that matters was not looked at."""
    facets: dict[str, list[Tally]]

    @property
    def entries(self) -> int:
        """How many entries the run has."""
        return sum(self.states.values())

    @property
    def findings(self) -> int:
        """How many findings nobody accepted."""
        return sum(one.findings for one in self.facets[SEVERITY])


def overview(reader: MarketReader, run: int) -> Overview:
    """Count a run; one that is still under way as far as it has come."""
    states = list(reader.ask(_STATES, run))
    (covered,) = reader.ask(_COVERED, run)
    rows = [tuple(row) for row in reader.ask(_FOUND, run)]
    entries = {name: _counted(reader, sql, run) for name, sql in _ENTRIES_BY.items()}
    return Overview(
        {row[0]: row[1] for row in states},
        sum(row[2] for row in states),
        covered[0],
        covered[1] or 0,
        covered[2] or 0,
        covered[3] or 0,
        {
            SEVERITY: _severities(rows, entries[SEVERITY]),
            RULE: _rules(rows, entries[RULE]),
            ECOSYSTEM: _ecosystems(rows, entries[ECOSYSTEM], _counted(reader, _ECOSYSTEMS, run)),
            SCORE: _scores(_counted(reader, _SCORES, run)),
        },
    )


def _counted(reader: MarketReader, sql: str, run: int) -> dict[Any, int]:
    """Return the second column of a query by the first."""
    return {row[0]: row[1] for row in reader.ask(sql, run)}


_Row = tuple[str, str, str, str, str, int]
"""Rule, its name, expert, severity, ecosystem, and how many findings."""


def _severities(rows: list[_Row], entries: dict[str, int]) -> list[Tally]:
    counts = dict.fromkeys((severity.value for severity in GRAVEST_FIRST), 0)
    for row in rows:
        counts[row[3]] += row[5]
    return [Tally(word, "", word, "", count, entries.get(word, 0)) for word, count in counts.items()]


def _rules(rows: list[_Row], entries: dict[str, int]) -> list[Tally]:
    """Return the rules that spoke, those with the most entries first."""
    found: dict[str, Tally] = {}
    for rule, name, expert, severity, _ecosystem, count in rows:
        known = found.get(rule)
        if known is None:
            found[rule] = Tally(rule, name, severity, expert, count, entries.get(rule, 0))
        else:
            found[rule] = known._replace(findings=known.findings + count, severity=_graver(known.severity, severity))
    return sorted(found.values(), key=lambda one: (-one.subjects, -one.findings, one.key))


def _ecosystems(rows: list[_Row], entries: dict[str, int], subjects: dict[str, int]) -> list[Tally]:
    counts = dict.fromkeys(subjects, 0)
    gravest = dict.fromkeys(subjects, "")
    for row in rows:
        counts[row[4]] += row[5]
        gravest[row[4]] = _graver(gravest[row[4]], row[3])
    found = [Tally(one, "", gravest[one], "", counts[one], entries.get(one, 0), subjects[one]) for one in subjects]
    return sorted(found, key=lambda one: (-one.out_of, one.key))


def _scores(subjects: dict[int, int]) -> list[Tally]:
    return [
        Tally(band(low, high), "", "", "", 0, sum(count for score, count in subjects.items() if low <= score <= high))
        for low, high in BANDS
    ]


def band(low: int, high: int) -> str:
    """Return how a band of scores is asked for."""
    return f"{low}-{high}" if low != high else str(low)


def _graver(one: str, other: str) -> str:
    if not one or not other:
        return one or other
    return one if Severity(one).rank >= Severity(other).rank else other
