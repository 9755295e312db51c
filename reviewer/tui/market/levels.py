"""The levels of a market: numbers, then subjects or findings behind one of them, each read a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from msgspec import Struct

from reviewer.market import listing
from reviewer.market.facets import ECOSYSTEM, RULE, SCORE, SEVERITY, Overview, Tally
from reviewer.market.listing import SUBJECT, Found, Reviewed
from reviewer.market.report.sections import Section, sections
from reviewer.market.whole.picture import whole
from reviewer.report.verdict import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.market.reading import MarketReader

WHOLE: Final = "whole"
"""What only the whole shows: the last of what a market is looked through by."""
VIEWS: Final = (SEVERITY, RULE, ECOSYSTEM, SCORE, WHOLE)
PAGE: Final = 200
"""Rows that are read at a time."""


class Line(NamedTuple):
    """One row of a table of the whole."""

    section: Section
    number: int

    @property
    def cells(self) -> tuple[str, ...]:
        """Its texts, one for each column."""
        return self.section.rows[self.number]


What: TypeAlias = "Tally | Reviewed | Found | Line"
"""What a row of the list may stand for."""


class Level(Struct, frozen=True):
    """One list: what it is of, and how it is read."""

    view: str
    """One of `VIEWS`, or `SUBJECT`."""
    key: str = ""
    """The number that was opened; empty for the list of the numbers themselves."""
    title: str = ""
    total: int = 0
    """How many rows it has in all; 0 where that is not known before they are read."""

    @property
    def has_pages(self) -> bool:
        """Tell whether more rows may follow those that are read."""
        return bool(self.key)

    def read(self, reader: MarketReader, run: int, numbers: Overview, last: What | None) -> Sequence[What]:
        """Return the rows after the last one that is there."""
        if self.view == WHOLE:
            tables = sections(whole(reader, run))
            return [Line(table, number) for table in tables for number in range(len(table.rows))]
        if not self.key:
            return [one for one in numbers.facets[self.view] if one.findings or one.subjects or one.out_of]
        if self.view in (ECOSYSTEM, SCORE):
            after = last.mark if isinstance(last, Reviewed) else listing.BEFORE_ALL
            return listing.subjects(reader, run, self.view, self.key, PAGE, after)
        mark = last.mark if isinstance(last, Found) else listing.START
        return listing.findings(reader, run, self.view, self.key, PAGE, mark)


def first(view: str) -> Level:
    """Return the list of the numbers of a view."""
    return Level(view)


def below(level: Level, what: What) -> Level | None:
    """Return what opens under a row, or None where the row is the end of the way."""
    if isinstance(what, Tally):
        subjects = level.view in (ECOSYSTEM, SCORE)
        total = (what.out_of or what.subjects) if subjects else what.findings
        told = counted(total, "subject" if subjects else "finding")
        return Level(level.view, what.key, f"{what.key} {what.name}".rstrip() + f" · {told}", total)
    if isinstance(what, Reviewed):
        total = sum(what.counts.values())
        told = counted(total, "finding")
        return Level(SUBJECT, f"{what.entry}/{what.number}", f"{what.title} · {told}", total)
    return None


def key_of(what: What) -> str:
    """Return by what a row is found again."""
    if isinstance(what, Tally):
        return what.key
    if isinstance(what, Line):
        return f"{what.section.key} {what.number}"
    return "/".join(map(str, what.mark))
