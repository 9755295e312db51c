"""How something stands by the answers to its questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from reviewer.core.checklist import Status
from reviewer.library.audit import needs
from reviewer.library.threats import surfaces
from reviewer.report.audit.model import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.core.checklist import Answer
    from reviewer.core.review import Review


def asked(review: Review, ids: Iterable[str]) -> tuple[Answer, ...]:
    """Return the answers to these questions that are asked of this kind of subject, in the order of the ids.

    A pass that rests on nothing having been found does not count where there was nothing to look at.
    """
    known = {answer.id: answer for answer in review.checklist}
    found = (known[one] for one in ids if one in known)
    seen = {interface.id for interface in review.interfaces if interface.signs}
    if review.maturity is not None:
        seen |= {f"feature:{feature.id}" for feature in review.maturity.features if feature.seen}
    return tuple(_counted(answer, seen) for answer in found if answer.status is not Status.NOT_APPLICABLE)


def _counted(answer: Answer, seen: set[str]) -> Answer:
    """Return an answer as an audit counts it."""
    wanted = needs().get(answer.id)
    if answer.status is not Status.PASS or wanted is None or seen & set(wanted):
        return answer
    reason = "that nothing was found does not show that it is done"
    if wanted:
        reason = f"no sign was seen of {' or '.join(_spelled(one) for one in wanted)}, so there was nothing to look at"
    return replace(answer, status=Status.NOT_ASSESSED, evidence=(reason,))


def _spelled(wanted: str) -> str:
    """Return an interface or a feature in words."""
    titles = {surface.id: surface.title.lower() for surface in surfaces()}
    return titles.get(wanted, wanted.removeprefix("feature:"))


def standing(answers: Sequence[Answer], *, shown: bool) -> Standing:
    """Return how something stands; ``shown`` tells whether a finding shows that it is real."""
    if shown:
        return Standing.SHOWN
    statuses = [answer.status for answer in answers]
    if Status.FAIL in statuses or Status.WAIVED in statuses:
        return Standing.DOUBT
    if Status.PASS not in statuses:
        return Standing.UNKNOWN
    return Standing.PARTLY if Status.NOT_ASSESSED in statuses else Standing.QUIET
