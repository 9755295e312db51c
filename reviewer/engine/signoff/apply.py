"""Puts what people signed over a review: answers into the checklist, waivers over findings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from reviewer.core.checklist import Answer, Status
from reviewer.core.finding import Suppression
from reviewer.engine.signoff.evidence import changed
from reviewer.engine.signoff.place import FILE, FOLDER, subject_name

if TYPE_CHECKING:
    from reviewer.core.finding import Finding
    from reviewer.core.review import Review
    from reviewer.engine.signoff.entry import SignedAnswer, SignOff, Waiver

SHOWN: str = f"{FOLDER}/{FILE}"


class Signed(Struct, frozen=True):
    """A review with what was signed, and what the file says that is not so any more."""

    review: Review
    contradicted: tuple[tuple[SignedAnswer, str], ...] = ()
    """Answers that what was found speaks against, each with what was found."""
    expired: tuple[Waiver, ...] = ()
    unused: tuple[Waiver, ...] = ()
    """Waivers of rules that were asked and found nothing of the kind any more."""


def put_over(review: Review, signed: SignOff, today: str, asked: frozenset[str]) -> Signed:
    """Return the review with the answers and waivers that hold on the day ``today``.

    ``asked`` are the rules that ran to the end. An answer holds as long as it has not expired
    and its evidence is as it was; where automatic checks found a flaw, a claim that all is well
    counts for nothing.
    """
    subject = subject_name(signed.home, review.subject.path)
    place = Path(review.subject.path)
    answers: list[Answer] = []
    contradicted: list[tuple[SignedAnswer, str]] = []
    for answer in review.checklist:
        claim = signed.answer(subject, answer.id)
        if claim is None:
            answers.append(answer)
        elif answer.status is Status.FAIL and claim.status in (Status.PASS, Status.NOT_APPLICABLE):
            contradicted.append((claim, answer.evidence[0] if answer.evidence else "the review"))
            answers.append(answer)
        else:
            answers.append(_answered(answer, claim, place, today))
    waivers = {(one.rule, one.path, one.fingerprint): one for one in signed.waivers if one.subject == subject}
    holding = {key: one for key, one in waivers.items() if one.until >= today}
    findings = tuple(_waived(finding, holding) for finding in review.findings)
    found = {_key(finding) for finding in findings}
    return Signed(
        replace(review, checklist=tuple(answers), findings=findings),
        tuple(contradicted),
        tuple(one for key, one in waivers.items() if key not in holding and key in found),
        tuple(one for key, one in waivers.items() if key not in found and one.rule in asked),
    )


def _answered(answer: Answer, claim: SignedAnswer, subject: Path, today: str) -> Answer:
    """Return a question as a person answered it, or open again where the answer no longer holds."""
    until = f", until {claim.until}" if claim.until else ""
    said = f"{claim.status}, signed by {claim.who} on {claim.when}{until}: {claim.why}"
    if answer.status in (Status.PASS, Status.NOT_APPLICABLE) and claim.status != Status.FAIL:
        return replace(answer, evidence=(*answer.evidence, said))
    if claim.until and claim.until < today:
        return replace(answer, evidence=(*answer.evidence, f"expired: {said}"))
    other = changed(subject, claim.evidence)
    if other:
        named = ", ".join("the subject" if path == "." else path for path in other[:3])
        return replace(answer, evidence=(*answer.evidence, f"{named} changed since: {said}"))
    return replace(answer, status=Status(claim.status), evidence=(said, *answer.evidence))


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.location.path, finding.fingerprint


def _waived(finding: Finding, waivers: dict[tuple[str, str, str], Waiver]) -> Finding:
    waiver = waivers.get(_key(finding))
    if waiver is None or finding.suppressed is not None:
        return finding
    reason = f"{waiver.why} ({waiver.who}, until {waiver.until})"
    return replace(finding, suppressed=Suppression("waiver", reason, SHOWN, waiver.line))
