"""Finds waivers of a design that cover nothing, or no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.designs import design_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@subject_check("FUN096")
def design_waiver_idle(inquiry: Inquiry) -> Iterator[Match]:
    """Yield the waivers that expired, and those whose rule does not fire."""
    found, document = design_of(inquiry), inquiry.manifest
    if found is None or found.decided is None or document is None:
        return
    decided, today = found.decided, inquiry.settings.today
    for number, waiver in enumerate(decided.design.waivers):
        place = document.get("waivers", number)
        if place is None:
            continue
        if today and waiver.expires < today:
            expired = f"the waiver of {waiver.rule} expired on {waiver.expires}; {waiver.owner} answers for it"
            yield Match(place.get("expires") or place, expired)
        elif not any(one.waiver is waiver for one in decided.waived):
            idle = f"the waiver of {waiver.rule} covers nothing: the rule does not fire"
            yield Match(place.get("rule") or place, idle)
