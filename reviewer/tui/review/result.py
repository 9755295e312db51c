"""A review as the screen needs it: the outcome, and the findings ready to be listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from reviewer.core.review import ReviewRun
from reviewer.engine.fixing import FileFix, fixes

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.core.review import Review
    from reviewer.core.rule import Rule
    from reviewer.engine.session import Outcome
    from reviewer.report.options import RenderOptions
    from reviewer.tui.review.index import Entry, FindingIndex


class Result(Struct, frozen=True, dict=True):
    """The end of one review."""

    outcome: Outcome
    options: RenderOptions
    """With the look-up of source lines and of rule pages."""
    index: FindingIndex
    signoffs: tuple[tuple[str, Path], ...]
    """Each reviewed path with the sign-off file that the gate reads for it."""
    trusted: bool
    """True where what is reviewed are folders that a person may change here."""

    @property
    def run(self) -> ReviewRun:
        """The reviews and the verdict."""
        return self.outcome.run

    @property
    def reviews(self) -> tuple[Review, ...]:
        """The reviews of the subjects."""
        return self.outcome.run.reviews

    def page(self, rule: str) -> Rule | None:
        """Return a rule with its page."""
        return self.options.rules(rule) if self.options.rules is not None else None

    def fixes(self, entry: Entry) -> list[FileFix]:
        """Return what the edits of one finding make of its files."""
        if not self.trusted or not entry.finding.fix.edits:
            return []
        return fixes(self.only(entry))

    def only(self, entry: Entry) -> Outcome:
        """Return the outcome as if there were one finding alone."""
        review = replace(self.reviews[entry.number], findings=(entry.finding,))
        return replace(self.outcome, run=ReviewRun((review,), self.run.gate, self.run.rules_digest))
