"""Makes the audit of a subject from its review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.library.audit import sections
from reviewer.library.threats import surfaces
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
    bearing = _bearing()
    everything = list(told(review, options.root))
    found = [one for one in everything if one.finding.suppressed is None]
    concerned = [one for one in everything if one.finding.rule.startswith(bearing) or one.finding.expert == "security"]
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
        sections=tuple(section(data, review, grave) for data in sections()),
        steps=tuple(steps(grave, options.rules)),
    )


def _bearing() -> tuple[str, ...]:
    """Return the beginnings of ids of the rules that bear on security."""
    named = {rule for data in sections() for rule in data.rules}
    named |= {rule for surface in surfaces() for threat in surface.threats for rule in threat.rules}
    return tuple(sorted(named))
