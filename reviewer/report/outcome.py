"""What of a run counts for whoever reads it in a pipeline: open findings by weight, and what was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reviewer.core.scale import Confidence
from reviewer.report.address import relative_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.core.finding import Finding
    from reviewer.core.review import Review, ReviewRun


class Told(NamedTuple):
    """A finding with its review and the address of its file."""

    review: Review
    finding: Finding
    path: str

    @property
    def place(self) -> str:
        """The place as people write it."""
        at = self.finding.location
        return f"{self.path}:{at.line}:{at.column}"

    @property
    def spot(self) -> str:
        """File and line inside the subject."""
        return f"{self.finding.location.path}:{self.finding.location.line}"

    @property
    def title(self) -> str:
        """Rule, name and severity in a few words."""
        finding = self.finding
        doubt = "" if finding.confidence is Confidence.CERTAIN else f", {finding.confidence}"
        return f"{finding.rule} {finding.name} ({finding.severity}{doubt})"


class Missed(NamedTuple):
    """Something that was not looked at though it matters; ``path`` is the subject where no file is to blame."""

    review: Review
    path: str
    reason: str


def told(review: Review, root: str) -> Iterator[Told]:
    """Yield the findings of a review in their order, the suppressed ones too."""
    for finding in review.findings:
        yield Told(review, finding, relative_path(review.subject.path, finding.location.path, root))


def open_by_weight(run: ReviewRun, root: str) -> list[Told]:
    """Return the findings that nobody suppressed, gravest and surest first, else in their order."""
    found = [one for review in run.reviews for one in told(review, root) if one.finding.suppressed is None]
    return sorted(found, key=lambda one: (-one.finding.severity.rank, -one.finding.confidence.rank))


def missed(review: Review, root: str) -> Iterator[Missed]:
    """Yield what keeps a review from being complete."""
    subject = review.subject.path
    for problem in review.errors:
        said = f"{problem.rule}: {problem.message}" if problem.rule else problem.message
        yield Missed(review, relative_path(subject, problem.path, root), said)
    for file in review.coverage.skipped:
        if file.matters:
            yield Missed(review, relative_path(subject, file.path, root), f"not analysed: {file.reason}")


def fails(run: ReviewRun, finding: Finding) -> bool:
    """Tell whether a finding is one of those that fail the gate."""
    threshold = run.gate.threshold
    return (
        run.gate.result == "fail"
        and finding.suppressed is None
        and threshold is not None
        and finding.severity.at_least(threshold)
    )
