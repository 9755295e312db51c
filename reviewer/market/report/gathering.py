"""What the report of a run shows, within bounds: from each number the first findings or subjects behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.market import listing
from reviewer.market.facets import ECOSYSTEM, RULE, SCORE, Overview, Tally, overview
from reviewer.market.records import DONE, EMPTY, WAITING
from reviewer.market.report.sections import Section, sections
from reviewer.market.whole.picture import whole

if TYPE_CHECKING:
    from reviewer.market.listing import Found, Reviewed
    from reviewer.market.reading import MarketReader
    from reviewer.market.records import FindingRow, Run

_OF_RULE: Final = 6
"""Findings that are shown of a rule."""
_IN_ALL: Final = 1_500
"""Findings that are shown of all rules; where many rules spoke, each shows fewer."""
_SUBJECTS: Final = 25
"""Subjects of an ecosystem or a band of scores."""
_OF_SUBJECT: Final = 3
_WITHOUT: Final = 50
"""Entries without a result that are named."""

_FAILED: Final = """
SELECT number, name, version, state, error FROM entry
WHERE run = ? AND state NOT IN (?, ?, ?) ORDER BY number LIMIT ?
"""


class Part(NamedTuple):
    """What stands behind a number."""

    tally: Tally
    findings: list[Found]
    subjects: list[tuple[Reviewed, list[FindingRow]]]
    """Each with its gravest findings."""


class Without(NamedTuple):
    """An entry without a result."""

    number: int
    name: str
    version: str
    state: str
    error: str


class Gathered(NamedTuple):
    """Everything that a report of a run shows."""

    run: Run
    overview: Overview
    rules: list[Part]
    ecosystems: list[Part]
    scores: list[Part]
    without: list[Without]
    sections: list[Section]


def gather(reader: MarketReader, run: Run) -> Gathered:
    """Gather a report; its size is bounded, whatever the size of the market is."""
    numbers = overview(reader, run.id)
    rules = numbers.facets[RULE]
    each = max(1, min(_OF_RULE, _IN_ALL // max(len(rules), 1)))
    failed = reader.ask(_FAILED, run.id, DONE, EMPTY, WAITING, _WITHOUT)
    return Gathered(
        run,
        numbers,
        [Part(tally, _spread(reader, run.id, tally.key, each), []) for tally in rules],
        [_subjects(reader, run.id, ECOSYSTEM, tally) for tally in numbers.facets[ECOSYSTEM]],
        [_subjects(reader, run.id, SCORE, tally) for tally in numbers.facets[SCORE] if tally.subjects],
        [Without(*row) for row in failed],
        sections(whole(reader, run.id)),
    )


def _spread(reader: MarketReader, run: int, rule: str, wanted: int) -> list[Found]:
    """Return findings of a rule from as many entries as possible, and then the first further ones."""
    found = {one.mark: one for one in listing.first_of_each(reader, run, rule, wanted)}
    if len(found) < wanted:
        for one in listing.findings(reader, run, RULE, rule, wanted):
            if len(found) < wanted:
                found.setdefault(one.mark, one)
    return [found[mark] for mark in sorted(found)]


def _subjects(reader: MarketReader, run: int, by: str, tally: Tally) -> Part:
    subjects = listing.subjects(reader, run, by, tally.key, _SUBJECTS)
    return Part(
        tally,
        [],
        [(one, listing.gravest(reader, one.id, _OF_SUBJECT)) for one in subjects],
    )
