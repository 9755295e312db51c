"""Counts and the verdict of a run in words, the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.errors import ExitCode
from reviewer.core.scale import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.core.finding import Finding
    from reviewer.core.review import Gate, Review, ReviewRun

GRAVEST_FIRST: Final = tuple(sorted(Severity, key=lambda severity: -severity.rank))

_EXIT: Final = {"pass": ExitCode.PASSED, "fail": ExitCode.FINDINGS, "incomplete": ExitCode.INCOMPLETE}


def exit_code(gate: Gate) -> ExitCode:
    """Return the exit code that a verdict means."""
    return _EXIT.get(gate.result, ExitCode.INCOMPLETE)


def open_findings(reviews: Iterable[Review]) -> list[Finding]:
    """Return the findings that nobody suppressed, in order."""
    return [finding for review in reviews for finding in review.findings if finding.suppressed is None]


def suppressed_findings(reviews: Iterable[Review]) -> list[Finding]:
    """Return the findings that somebody suppressed, in order."""
    return [finding for review in reviews for finding in review.findings if finding.suppressed is not None]


def tally(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Count findings by severity, gravest first; severities without any are left out."""
    counts = dict.fromkeys(GRAVEST_FIRST, 0)
    for finding in findings:
        counts[finding.severity] += 1
    return {severity: count for severity, count in counts.items() if count}


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return ``1 finding`` or ``2 findings``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def reasons(run: ReviewRun) -> list[str]:
    """Return why the gate is as it is; never empty."""
    gate = run.gate
    if gate.reasons:
        return list(gate.reasons)
    if gate.result == "incomplete":
        return ["not everything that matters could be looked at"]
    if gate.threshold is None:
        return ["no severity is set to fail the gate"]
    threshold = gate.threshold
    grave = sum(finding.severity.at_least(threshold) for finding in open_findings(run.reviews))
    return [f"{counted(grave, 'finding') if grave else 'no finding'} at or above {threshold}"]
