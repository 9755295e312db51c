"""Makes the audit of a subject from its review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.library.audit import sections
from reviewer.report.audit.belonging import bears, section_of
from reviewer.report.audit.hardening import steps
from reviewer.report.audit.model import Audit
from reviewer.report.audit.risk import risk
from reviewer.report.audit.sections import section
from reviewer.report.audit.threats import interfaces
from reviewer.report.outcome import told

if TYPE_CHECKING:
    from reviewer.core.review import Review
    from reviewer.report.options import RenderOptions


def audit(review: Review, options: RenderOptions) -> Audit:
    """Return the audit; everything in it is taken from the review, the rules and the threat model."""
    everything = list(told(review, options.root))
    home = {one.finding.rule: section_of(one.finding, options.rules) for one in everything}
    found = [one for one in everything if one.finding.suppressed is None]
    concerned = [one for one in everything if bears(one.finding, home[one.finding.rule])]
    grave = sorted(
        (one for one in concerned if one.finding.suppressed is None),
        key=lambda one: (-one.finding.severity.rank, -one.finding.confidence.rank, one.finding.order),
    )
    views = tuple(interfaces(review, grave))
    seen = {view.interface.id for view in views}
    return Audit(
        review=review,
        risk=risk(review, grave),
        findings=tuple(grave),
        accepted=tuple(one for one in concerned if one.finding.suppressed is not None),
        others=len(found) - len(grave),
        interfaces=views,
        unseen=tuple(interface.title for interface in review.interfaces if interface.id not in seen),
        sections=tuple(
            section(data, review, [one for one in grave if home[one.finding.rule] == data.id]) for data in sections()
        ),
        steps=tuple(steps(grave, options.rules)),
    )
