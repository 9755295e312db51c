"""Turns findings into what the protocol speaks: ranges that count from 0 in the editor's units, and diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lsprotocol import types

from reviewer.core.scale import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.core.finding import Finding
    from reviewer.core.location import Location

    Units = Callable[[str], int]

SOURCE: Final = "reviewer"
_SEVERITIES: Final = {
    Severity.CRITICAL: types.DiagnosticSeverity.Error,
    Severity.HIGH: types.DiagnosticSeverity.Error,
    Severity.MEDIUM: types.DiagnosticSeverity.Warning,
    Severity.LOW: types.DiagnosticSeverity.Information,
    Severity.INFO: types.DiagnosticSeverity.Hint,
}


def range_of(place: Location, lines: Sequence[str] | None, units: Units) -> types.Range:
    """Return a place as a range; ``units`` counts how long the editor takes a text to be."""
    return types.Range(
        types.Position(place.line - 1, _column(lines, place.line, place.column, units)),
        types.Position(place.end_line - 1, _column(lines, place.end_line, place.end_column, units)),
    )


def diagnostic(finding: Finding, lines: Sequence[str] | None, units: Units, uri: str) -> types.Diagnostic:
    """Return a finding as a diagnostic of its file; other places in the same file explain it."""
    related = [
        types.DiagnosticRelatedInformation(types.Location(uri, range_of(one.location, lines, units)), one.message)
        for one in finding.related
        if one.location.path == finding.location.path
    ]
    return types.Diagnostic(
        range=range_of(finding.location, lines, units),
        message=f"{finding.message}\n{finding.fix.text}" if finding.fix.text else finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        source=SOURCE,
        related_information=related,
        data={"fingerprint": finding.fingerprint, "name": finding.name},
    )


def _column(lines: Sequence[str] | None, line: int, column: int, units: Units) -> int:
    if lines is None or not 0 < line <= len(lines):
        return max(0, column - 1)
    return units(lines[line - 1][: column - 1])


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as places count them."""
    return [line.removesuffix("\r") for line in text.split("\n")]
