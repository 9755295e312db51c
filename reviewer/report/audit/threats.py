"""The threat model of a subject: what STRIDE asks at each interface that it really has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reviewer.core.review import Sign
from reviewer.library.threats import surfaces
from reviewer.report.audit.model import InterfaceView, Standing, ThreatView
from reviewer.report.audit.standing import asked, standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.core.checklist import Answer
    from reviewer.core.review import Interface, Review
    from reviewer.library.threats import Surface, Threat
    from reviewer.report.outcome import Told

STRIDE: Final = {
    "S": "spoofing",
    "T": "tampering",
    "R": "repudiation",
    "I": "disclosure",
    "D": "denial of service",
    "E": "elevation of privilege",
}
_PLACES: Final = 5


def interfaces(review: Review, found: Sequence[Told]) -> Iterator[InterfaceView]:
    """Yield the interfaces of which a sign was seen, with their threats."""
    known = {surface.id: surface for surface in surfaces()}
    for surveyed in review.interfaces:
        surface = known[surveyed.id]
        interface = surveyed if surveyed.signs else _by_findings(surveyed, surface, found)
        if interface.signs:
            threats = (_threat(threat, review, found) for threat in surface.threats)
            # What was seen by its flaws alone was not looked at as a whole.
            kept = (one for one in threats if one and (surveyed.signs or one.standing is Standing.SHOWN))
            yield InterfaceView(interface, surface.about, tuple(kept))


def _by_findings(interface: Interface, surface: Surface, found: Sequence[Told]) -> Interface:
    """Return an interface with the findings about it as its signs: what has a flaw is there."""
    rules = {rule for threat in surface.threats for rule in threat.rules}
    about = [one.finding for one in found if one.finding.rule in rules]
    signs = tuple(Sign(f"{finding.rule} {finding.name}", finding.location) for finding in about[:_PLACES])
    return replace(interface, signs=signs, places=len(about))


def _threat(threat: Threat, review: Review, found: Sequence[Told]) -> ThreatView | None:
    """Return a threat with what is known of it; None where nothing of it is asked of this kind of subject."""
    shown = [one for one in found if one.finding.rule in threat.rules]
    answers = asked(review, threat.checklist)
    if not shown and not answers:
        return None
    stands = standing(answers, shown=bool(shown))
    if shown:
        evidence = [f"{one.finding.rule} {one.finding.name} at {one.spot}" for one in shown[:_PLACES]]
        if len(shown) > _PLACES:
            evidence.append(f"{len(shown) - _PLACES} more")
    else:
        evidence = [_said(answer) for answer in answers]
    return ThreatView(threat.stride, STRIDE[threat.stride], threat.threat, threat.control, stands, tuple(evidence))


def _said(answer: Answer) -> str:
    """Return an answer with the first thing that it rests on."""
    said = f"{answer.id} {answer.status.value}"
    return f"{said}: {answer.evidence[0]}" if answer.evidence else said
