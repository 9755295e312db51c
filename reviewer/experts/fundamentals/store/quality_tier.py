"""FUN336 and FUN337: the tier that a manifest claims, and where an integration stands on the scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.experts.integration.facts import is_integration
from reviewer.experts.integration.quality import FILE, claims, scale_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry, Place
    from reviewer.experts.integration.quality import Scale

_MOST_NAMED: Final = 6


@subject_check("FUN336")
def quality_tier(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the tier of the manifest with the rules that the file calls done or exempt."""
    scale = scale_of(inquiry)
    value = inquiry.manifest.get("quality_scale") if inquiry.manifest is not None else None
    if scale is None or value is None or value.text not in scale.tiers or not is_integration(inquiry):
        return
    met = _met(inquiry)
    missing = [rule for rule in scale.up_to(value.text) if rule not in met]
    if FILE not in inquiry.subject.files:
        yield Match(value.place, f"The manifest claims the tier '{value.text}', and there is no {FILE} to show it.")
    elif missing:
        yield Match(
            value.place,
            f"The manifest claims the tier '{value.text}', and {FILE} has not met {len(missing)} of its rules: "
            f"{_listed(missing)}.",
        )


@subject_check("FUN337")
def quality_standing(inquiry: Inquiry) -> Iterator[Match]:
    """Say which tier is reached and what the next asks for, and which rules could be ticked already."""
    scale = scale_of(inquiry)
    listed = claims(inquiry)
    if scale is None or not listed or not is_integration(inquiry):
        return
    ready: list[tuple[Place, str]] = []
    for claim in listed:
        told = shown(inquiry, claim.rule) if claim.status == "todo" else None
        if told is not None and told[0]:
            ready.append((claim.at, f"'{claim.rule}' may be done already: {told[1]}"))
    top = inquiry.subject.other_documents[FILE].get("rules")
    if top is not None and top.key is not None:
        more = f" {len(ready)} of those called todo may be done already." if ready else ""
        yield Match(top.key, _standing(scale, _met(inquiry)) + more, related=tuple(ready))


def _standing(scale: Scale, met: frozenset[str]) -> str:
    reached = ""
    for tier in scale.tiers:
        missing = [rule for rule in scale.up_to(tier) if rule not in met]
        if missing:
            first = f"The tier '{reached}' is reached" if reached else "No tier is reached yet"
            return f"{first}; '{tier}' still asks for {len(missing)}: {_listed(missing)}."
        reached = tier
    return f"The tier '{reached}' is reached, the highest."


def _met(inquiry: Inquiry) -> frozenset[str]:
    return frozenset(claim.rule for claim in claims(inquiry) if claim.status in ("done", "exempt"))


def _listed(rules: list[str]) -> str:
    more = len(rules) - _MOST_NAMED
    return ", ".join(rules[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
