"""A finding of a store as the card that every HTML report shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.core.finding import Finding
from reviewer.core.location import Fix, Location
from reviewer.core.review import Review, SubjectIdentity
from reviewer.core.scale import Confidence, Severity
from reviewer.report.html.finding import card
from reviewer.report.options import RenderOptions
from reviewer.report.outcome import Told
from reviewer.report.snippet import rows

if TYPE_CHECKING:
    from reviewer.market.listing import Found
    from reviewer.market.records import FindingRow
    from reviewer.report.options import Rules

_CUT: Final = "…"
"""Begins a line of which the store has no beginning."""


def place_of(row: FindingRow) -> Location:
    """Return the place of a finding in what the store has of its source.

    Of a line that was cut at its front nobody knows which column is which: such a place marks nothing.
    """
    if row.excerpt.startswith(_CUT):
        return Location(row.path, row.line, 1, row.line, 1)
    return Location(row.path, row.line, row.column, row.end_line, row.end_column)


def source_lines(row: FindingRow) -> list[str]:
    """Return the lines of a file as far as the store has them: those of the place, the ones above empty."""
    return [""] * (row.line - 1) + row.excerpt.split("\n")


def found_card(found: Found, number: int, rules: Rules | None) -> dict[str, Any]:
    """Return what the template shows of a finding; ``number`` is its place on the page, from 1."""
    row = found.row
    rule = rules(row.rule) if rules is not None else None
    finding = Finding(
        row.rule,
        row.name,
        row.expert,
        Severity(row.severity),
        Confidence(row.confidence),
        row.message,
        Location(row.path, row.line, row.column, row.end_line, row.end_column),
        fix=Fix(rule.fix if rule is not None else ""),
        references=rule.references if rule is not None else (),
        fingerprint=row.fingerprint,
    )
    identity = SubjectIdentity(found.entry_name, "", found.ecosystem, found.plugin, found.entry_version, "")
    shown = card(Told(Review(identity), finding, row.path), number, RenderOptions())
    lines = source_lines(row) if row.excerpt else None
    return {
        **shown,
        "rows": rows(lambda _subject, _path: lines, "", place_of(row)),
        "place": f"{found.title} · {shown['place']}",
    }
