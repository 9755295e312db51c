"""The threat model of a subject: what STRIDE asks at each interface that it really has."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.core.checklist import Status
from reviewer.core.review import Sign
from reviewer.library.threats import surfaces
from reviewer.report.audit.model import InterfaceView, Standing, ThreatView
from reviewer.report.audit.standing import asked, standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.core.checklist import Answer
    from reviewer.core.review import Interface, Review
    from reviewer.library.threats import Threat
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
    belonging = _belonging(review, found)
    for surveyed in review.interfaces:
        surface = known[surveyed.id]
        own = belonging[surveyed.id]
        interface = surveyed if surveyed.signs else _by_findings(surveyed, own)
        if interface.signs:
            threats = (_threat(threat, review, own) for threat in surface.threats)
            # What was seen by its flaws alone was not looked at as a whole.
            kept = (one for one in threats if one and (surveyed.signs or one.standing is Standing.SHOWN))
            yield InterfaceView(interface, surface.about, tuple(kept))


def _belonging(review: Review, found: Sequence[Told]) -> dict[str, list[Told]]:
    """Give each finding to the interfaces that name its rule: to those of its file, where one of them is there."""
    belonging: dict[str, list[Told]] = {interface.id: [] for interface in review.interfaces}
    paths = {interface.id: frozenset(interface.paths) for interface in review.interfaces}
    named = {
        surface.id: {rule for threat in surface.threats for rule in threat.rules}
        for surface in surfaces()
        if surface.id in belonging
    }
    for one in found:
        naming = [identity for identity, rules in named.items() if one.finding.rule in rules]
        here = [identity for identity in naming if one.finding.location.path in paths[identity]]
        for identity in here or naming:
            belonging[identity].append(one)
    return belonging


def _by_findings(interface: Interface, found: Sequence[Told]) -> Interface:
    """Return an interface with the findings about it as its signs: what has a flaw is there."""
    about = [one.finding for one in found[:_PLACES]]
    signs = tuple(Sign(f"{finding.rule} {finding.name}", finding.location) for finding in about)
    return replace(interface, signs=signs, places=len(found))


def _threat(threat: Threat, review: Review, found: Sequence[Told]) -> ThreatView | None:
    """Return a threat with what is known of it; None where nothing of it is asked of this kind of subject."""
    shown = [one for one in found if one.finding.rule in threat.rules]
    answers = tuple(_about(answer, threat) for answer in asked(review, threat.checklist))
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


def _about(answer: Answer, threat: Threat) -> Answer:
    """Return an answer as it bears on a threat: one that fails by what shows other threats says nothing of this one."""
    if answer.status is not Status.FAIL:
        return answer
    failing = {said.split()[0] for said in answer.evidence}
    if not failing <= _elsewhere() - set(threat.rules):
        return answer
    reason = f"what was found, {', '.join(sorted(failing))}, bears on other threats"
    return replace(answer, status=Status.NOT_ASSESSED, evidence=(reason,))


@cache
def _elsewhere() -> frozenset[str]:
    """Return the rules whose findings show a threat."""
    return frozenset(rule for surface in surfaces() for threat in surface.threats for rule in threat.rules)


def _said(answer: Answer) -> str:
    """Return an answer with the first thing that it rests on."""
    said = f"{answer.id} {answer.status.value}"
    return f"{said}: {answer.evidence[0]}" if answer.evidence else said
