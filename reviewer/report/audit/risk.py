"""Grades a subject by the gravest thing that was found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence, Severity
from reviewer.report.audit.model import Risk
from reviewer.report.verdict import GRAVEST_FIRST, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.core.review import Review
    from reviewer.report.outcome import Told


def risk(review: Review, found: Sequence[Told]) -> Risk:
    """Return the grade: the gravest severity, one less where everything of it is only possible."""
    counts = tuple((severity, _by_confidence(found, severity)) for severity in GRAVEST_FIRST)
    if not review.coverage.analysed and not found:
        return Risk("not assessed", "no source file was analysed", counts)
    gap = "" if review.complete else "; the review is not complete, so it may be graver"
    if not found:
        return Risk("none found", f"no finding bears on security{gap}", counts)
    gravest = max(found, key=_grade)
    finding = gravest.finding
    level = GRAVEST_FIRST[len(GRAVEST_FIRST) - 1 - _grade(gravest)]
    same = sum(_grade(one) == _grade(gravest) for one in found)
    doubt = ", which is only possible" if finding.confidence is Confidence.POSSIBLE else ""
    more = f" and {counted(same - 1, 'finding')} as grave" if same > 1 else ""
    return Risk(level.value, f"{finding.rule} {finding.name} at {gravest.spot}{doubt}{more}{gap}", counts)


def _grade(one: Told) -> int:
    doubted = one.finding.confidence is Confidence.POSSIBLE
    return max(one.finding.severity.rank - doubted, 0)


def _by_confidence(found: Sequence[Told], severity: Severity) -> tuple[int, int, int]:
    of = [one.finding.confidence for one in found if one.finding.severity is severity]
    return of.count(Confidence.CERTAIN), of.count(Confidence.LIKELY), of.count(Confidence.POSSIBLE)
