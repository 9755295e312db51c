"""The Integration Quality Scale as rows of the checklist: a row for each rule, and one for each tier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.checklist import OF_A_SCALE, Answer, Status
from reviewer.experts.integration.facts import is_integration
from reviewer.experts.integration.quality import FILE, claims, exempt_in_vain, scale_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.integration.quality import Claim, Scale

EXPERT: Final = "fundamentals"
"""The expert whose question it is."""
_MET: Final = frozenset({Status.PASS, Status.WAIVED})
_MOST_NAMED: Final = 8


def scale_answers(inquiry: Inquiry) -> tuple[Answer, ...]:
    """Return the rows of a subject that has a file for the scale; nothing for any other."""
    scale = scale_of(inquiry)
    said = {claim.rule: claim for claim in claims(inquiry)} if is_integration(inquiry) else {}
    if scale is None or not said:
        return ()
    value = inquiry.manifest.get("quality_scale") if inquiry.manifest is not None else None
    claimed = frozenset(scale.up_to(value.text)) if value is not None and value.text in scale.tiers else frozenset()
    return tuple(_rows(inquiry, scale, said, claimed))


def _rows(inquiry: Inquiry, scale: Scale, said: dict[str, Claim], claimed: frozenset[str]) -> Iterator[Answer]:
    called: dict[str, bool] = {}
    for tier, rules in scale.tiers.items():
        for rule in rules:
            status, evidence = _stand(inquiry, rule, said.get(rule), claimed)
            done = rule in said and said[rule].status in ("done", "exempt")
            called[rule] = status in _MET or (done and status is not Status.FAIL)
            question = f"Quality scale: is '{rule}' met?"
            yield Answer(f"{tier}{OF_A_SCALE}{rule}", EXPERT, question, status, (evidence,))
        missing = [rule for rule in scale.up_to(tier) if not called[rule]]
        yield _tier(tier, missing, promised=bool(claimed & frozenset(rules)))


def _tier(tier: str, missing: list[str], *, promised: bool) -> Answer:
    """Return the row of a whole tier: what it still asks for of itself and the tiers before it."""
    more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
    if not missing:
        status, evidence = Status.PASS, "every rule of it and of the tiers before it is called done or exempt"
    else:
        status = Status.FAIL if promised else Status.NOT_ASSESSED
        lead = "the manifest claims it, and it lacks" if promised else "it still asks for"
        evidence = f"{lead} {len(missing)}: {', '.join(missing[:_MOST_NAMED])}{more}"
    return Answer(f"{tier}{OF_A_SCALE}all", EXPERT, f"Quality scale: is the {tier} tier reached?", status, (evidence,))


def _stand(inquiry: Inquiry, rule: str, claim: Claim | None, claimed: frozenset[str]) -> tuple[Status, str]:
    """Return how a rule stands, and what that rests on: what the file says, and what code shows of it."""
    if claim is None:
        if rule in claimed:
            return Status.FAIL, f"{FILE} does not list it, and the manifest claims a tier that asks for it"
        return Status.NOT_ASSESSED, f"{FILE} does not list it"
    if claim.status == "exempt":
        return _exempt(inquiry, claim)
    told = shown(inquiry, rule)
    comment = f": {claim.comment}" if claim.comment else ""
    if claim.status == "done":
        if told is None:
            return Status.NOT_ASSESSED, f"called done{comment}; code can't show it: a person has to look"
        if told[0]:
            return Status.PASS, f"called done{comment}; {told[1]}"
        return Status.FAIL, f"called done, and the code contradicts it: {told[1]}"
    if told is not None and told[0]:
        return Status.NOT_ASSESSED, f"called todo{comment}; it may be done already: {told[1]}"
    if rule in claimed:
        return Status.FAIL, f"called {claim.status or 'nothing'}{comment}; the manifest claims a tier that asks for it"
    return Status.NOT_ASSESSED, f"called {claim.status or 'nothing'}{comment}"


def _exempt(inquiry: Inquiry, claim: Claim) -> tuple[Status, str]:
    where = exempt_in_vain(inquiry, claim)
    if where:
        return Status.FAIL, f"called exempt, and {where} contradicts it: it registers an action"
    if not claim.comment.strip():
        return Status.FAIL, "called exempt without a reason"
    return Status.WAIVED, f"exempt: {claim.comment}"
