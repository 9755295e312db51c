"""Compares two runs of one store; findings are the same where rule, subject and fingerprint are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError
from reviewer.market.difference.model import CHANGED, GONE, NEW, Change, Difference, NotCompared, RuleDifference
from reviewer.market.difference.pairing import pairs
from reviewer.market.records import DONE, FindingRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.market.difference.pairing import Seen
    from reviewer.market.reading import MarketReader

_FINDINGS: Final = """
SELECT subject.path AS place, rule, name, expert, severity, confidence, message, finding.path, line, "column", end_line,
       end_column, fingerprint, excerpt, suppressed
FROM subject JOIN finding ON finding.subject = subject.id WHERE result = ? ORDER BY subject.number, finding.number
"""
Told = dict[tuple[str, str, str], FindingRow]
"""Findings by subject, rule and fingerprint."""


def compare(reader: MarketReader, old: int, new: int) -> Difference:
    """Return what tells two runs apart; raises `UsageError` where they are one, or one is not there."""
    if old == new:
        raise UsageError(f"--diff: {old} and {new} are one run; name two, for example: --diff 1,2")
    found = Difference(reader.run(old), reader.run(new))
    for before, after in pairs(reader, old, new):
        if before is None or after is None:
            if before is not None:
                found.only_old.append(before.name)
            if after is not None:
                found.only_new.append(after.name)
            continue
        found.both += 1
        found.same_bytes += before.digest == after.digest != ""
        if before.state != DONE or after.state != DONE:
            if (before.state, before.error) != (after.state, after.error):
                why = after.error or before.error
                found.not_compared.append(NotCompared(after.name, before.state, after.state, why))
        elif before.result != after.result:
            for change in _changes(reader, before, after):
                row = change.finding
                found.rules.setdefault(row.rule, RuleDifference(row.rule, row.name)).take(change)
    return found


def _changes(reader: MarketReader, before: Seen, after: Seen) -> Iterator[Change]:
    old, new = _told(reader, before.result), _told(reader, after.result)
    same_bytes = before.digest == after.digest
    for key, row in new.items():
        earlier = old.get(key)
        kind = NEW if earlier is None else CHANGED
        was = "" if earlier is None else _was(earlier, row)
        if earlier is None or was:
            yield Change(kind, after.name, after.number, after.version, key[0], same_bytes, row, was)
    for key, row in old.items():
        if key not in new:
            yield Change(GONE, before.name, before.number, before.version, key[0], same_bytes, row)


def _told(reader: MarketReader, result: int | None) -> Told:
    told: Told = {}
    for row in reader.ask(_FINDINGS, result):
        place, *values = row
        finding = FindingRow(*values)
        told[place, finding.rule, finding.fingerprint] = finding
    return told


def _was(earlier: FindingRow, row: FindingRow) -> str:
    """Return what was said of a finding before, or nothing where it is told the same way."""
    said = [
        old or "not accepted"
        for old, new in (
            (earlier.severity, row.severity),
            (earlier.confidence, row.confidence),
            (earlier.suppressed, row.suppressed),
            (earlier.message, row.message),
        )
        if old != new
    ]
    return ", ".join(said)
