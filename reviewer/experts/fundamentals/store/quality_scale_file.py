"""FUN334: a quality_scale.yaml with an unknown rule or status, or an exemption without a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.nearest import did_you_mean
from reviewer.experts.check import Match, subject_check
from reviewer.experts.integration.facts import is_integration
from reviewer.experts.integration.quality import STATUSES, claims, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry


@subject_check("FUN334")
def quality_scale_file(inquiry: Inquiry) -> Iterator[Match]:
    """Look at every rule that the file lists."""
    scale = scale_of(inquiry)
    if scale is None or not is_integration(inquiry):
        return
    for claim in claims(inquiry):
        if claim.rule not in scale.rules:
            hint = did_you_mean(claim.rule, scale.rules)
            yield Match(claim.at.key or claim.at, f"The quality scale has no rule '{claim.rule}'{hint}.")
        elif claim.status not in STATUSES:
            found = f"'{claim.status}'" if claim.status else "no status"
            yield Match(
                claim.at,
                f"'{claim.rule}' has {found}; expected done, todo or exempt{did_you_mean(claim.status, STATUSES)}.",
            )
        elif claim.status == "exempt" and not claim.comment.strip():
            yield Match(
                claim.at,
                f"'{claim.rule}' is exempt and does not say why; write status: exempt and a comment with the reason.",
            )
