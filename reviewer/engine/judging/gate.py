"""The verdict over all reviews of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.review import Gate, Review
from reviewer.core.scale import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_REASONS = 20


def gate(
    reviews: Sequence[Review], thresholds: Sequence[str], unmet: Sequence[str] = (), remarks: Sequence[str] = ()
) -> Gate:
    """Return the verdict; ``thresholds`` has for each review a severity or ``none``.

    Findings outrank incompleteness: what was found is true, whatever was missed. ``unmet`` are
    demands that fail the gate, ``remarks`` say besides why it is as it is.
    """
    levels = [None if name == "none" else Severity(name) for name in thresholds]
    known = [level for level in levels if level is not None]
    strictest = min(known, key=lambda level: level.rank) if known else None
    reasons: list[str] = []
    for review, level in zip(reviews, levels, strict=True):
        reasons += _failing(review, level)
    reasons += unmet
    if reasons:
        return Gate("fail", strictest, (*_short(reasons), *remarks))
    for review in reviews:
        reasons += _missing(review)
    if reasons:
        return Gate("incomplete", strictest, (*_short(reasons), *remarks))
    if not remarks:
        return Gate("pass", strictest)
    new = f"no new finding at or above {strictest}" if strictest else "no severity is set to fail the gate"
    return Gate("pass", strictest, (new, *remarks))


def _failing(review: Review, threshold: Severity | None) -> list[str]:
    """Say how many findings reach the threshold, by severity."""
    if threshold is None:
        return []
    counts: dict[Severity, int] = {}
    for finding in review.findings:
        if finding.suppressed is None and finding.severity.at_least(threshold):
            counts[finding.severity] = counts.get(finding.severity, 0) + 1
    if not counts:
        return []
    spelled = ", ".join(f"{counts[level]} {level}" for level in reversed(Severity) if level in counts)
    plural = "s" if sum(counts.values()) > 1 else ""
    return [f"{review.subject.path}: {spelled} finding{plural}, at or above {threshold}"]


def _missing(review: Review) -> list[str]:
    """Say what was not looked at though it matters."""
    reasons = [
        f"{review.subject.path}: {problem.rule}: {problem.message}" + (f" ({problem.path})" if problem.path else "")
        for problem in review.errors
    ]
    reasons += [
        f"{review.subject.path}: {skipped.path} was not looked at: {skipped.reason}"
        for skipped in review.coverage.skipped
        if skipped.matters
    ]
    return reasons


def _short(reasons: list[str]) -> tuple[str, ...]:
    """Keep the first reasons, and say how many there are besides."""
    if len(reasons) <= _MOST_REASONS:
        return tuple(reasons)
    return (*reasons[:_MOST_REASONS], f"{len(reasons) - _MOST_REASONS} more")
