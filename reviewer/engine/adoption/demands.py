"""What a gate may ask for besides the absence of grave findings: answers to every question, and a maturity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.checklist import OF_A_SCALE, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.engine.results import Reviewed

_MOST_NAMED: Final = 6


def unmet(reviewed: Sequence[Reviewed]) -> list[str]:
    """Return a reason for each demand that is not met; where the threshold is none, nothing fails."""
    judged = [one for one in reviewed if one.threshold != "none"]
    return [*_maturity(judged), *(reason for one in judged for reason in _signoff(one))]


def _maturity(reviewed: Sequence[Reviewed]) -> Iterator[str]:
    asking = [one for one in reviewed if one.demands.maturity]
    hosts = [one for one in asking if one.review.maturity is not None]
    if asking and not hosts:
        yield f"maturity {asking[0].demands.maturity} is required, and no host was reviewed that could have one"
    for one in hosts:
        maturity, wanted = one.review.maturity, one.demands.maturity
        if maturity is None or maturity.level >= wanted:
            continue
        lacking = [feature.title for feature in maturity.features if feature.missing and feature.level <= wanted]
        yield (
            f"{one.review.subject.path}: maturity {wanted} is required and {maturity.level} is reached; missing: "
            f"{_named(lacking)}"
        )


def _signoff(one: Reviewed) -> Iterator[str]:
    if not one.demands.signoff:
        return
    path = one.review.subject.path
    waiting = [
        answer.id
        for answer in one.review.checklist
        if answer.status is Status.NOT_ASSESSED and OF_A_SCALE not in answer.id
    ]
    if waiting:
        plural = "questions wait" if len(waiting) > 1 else "question waits"
        yield f"{path}: {len(waiting)} {plural} for an answer: {_named(waiting)}"
    refused = [
        answer.id
        for answer in one.review.checklist
        if answer.status is Status.FAIL and answer.evidence and answer.evidence[0].startswith("fail, signed by")
    ]
    if refused:
        yield f"{path}: answered with fail: {_named(refused)}"


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
