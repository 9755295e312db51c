"""Puts a sign-off file over one result, and speaks up about what in it is not so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.core.finding import Finding
from reviewer.core.location import Fix, Location
from reviewer.engine.judging.fingerprint import content_mark
from reviewer.engine.signoff.apply import SHOWN, put_over
from reviewer.engine.signoff.place import is_inside
from reviewer.engine.signoff.read import read_signoff

if TYPE_CHECKING:
    from reviewer.core.rule import Rule
    from reviewer.engine.job import Job
    from reviewer.engine.results import Reviewed

CONTRADICTED: Final = "FUN093"
_EXPIRED: Final = "FUN092"
_UNUSED: Final = "FUN090"


def signed(one: Reviewed, file: Path, job: Job) -> tuple[Reviewed, list[str]]:
    """Return the result with what was signed, and a reason to fail for each claim that the code contradicts.

    A file inside a subject that nobody trusts is not read, and listed. Raises `UsageError` for a
    damaged one.
    """
    review = one.review
    if job.request.untrusted and is_inside(file, Path(job.path)):
        return replace(one, review=replace(review, ignored=(*review.ignored, f"{SHOWN}: sign-off"))), []
    result = put_over(review, read_signoff(file), job.request.today, frozenset(one.asked))
    told = [
        (CONTRADICTED, claim.line, f"{claim.who} signed {claim.item} as {claim.status}, and the code says no: {found}")
        for claim, found in result.contradicted
    ]
    told += [
        (_EXPIRED, waiver.line, f"the waiver of {waiver.rule} in {waiver.path} was meant to last until {waiver.until}")
        for waiver in result.expired
    ]
    told += [
        (_UNUSED, waiver.line, f"the waiver of {waiver.rule} in {waiver.path} waives nothing that is found now")
        for waiver in result.unused
    ]
    reasons = [
        f"{review.subject.path}: {message}"
        for rule, _line, message in told
        if rule == CONTRADICTED and one.threshold != "none"
    ]
    findings = [*result.review.findings, *_findings(told)]
    findings.sort(key=lambda finding: finding.order)
    return replace(one, review=replace(result.review, findings=tuple(findings))), reasons


def _findings(told: list[tuple[str, int, str]]) -> list[Finding]:
    """Make findings of what is to be said about entries of the file."""
    if not told:
        return []
    from reviewer.engine.knowledge import library_of

    rules = library_of(()).rules
    return [_finding(rules[rule], line, message) for rule, line, message in told]


def _finding(rule: Rule, line: int, message: str) -> Finding:
    return Finding(
        rule=rule.id,
        name=rule.name,
        expert=rule.expert,
        severity=rule.severity,
        confidence=rule.confidence,
        message=message,
        location=Location(SHOWN, line, 1, line, 1),
        fix=Fix(rule.fix),
        references=rule.references,
        fingerprint=content_mark(rule.id, SHOWN, message, ""),
        content=content_mark(rule.id, "", message, ""),
        style=rule.style,
    )
