"""FUN335: the code contradicts what the quality_scale.yaml says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.integration.facts import is_integration
from reviewer.experts.integration.quality import claims, exempt_in_vain, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry


@subject_check("FUN335")
def quality_scale_claims(inquiry: Inquiry) -> Iterator[Match]:
    """Ask of every rule that is called done what code shows of it; an exemption is held against actions alone."""
    if not is_integration(inquiry):
        return
    for claim in claims(inquiry):
        if claim.status == "done":
            told = shown(inquiry, claim.rule)
            if told is not None and not told[0]:
                yield Match(claim.at, f"'{claim.rule}' is called done, and the code says otherwise: {told[1]}.")
        elif claim.status == "exempt" and (where := exempt_in_vain(inquiry, claim)):
            yield Match(
                claim.at,
                f"'{claim.rule}' is called exempt, and {where} registers an action.",
                severity=Severity.LOW,
                confidence=Confidence.LIKELY,
            )
