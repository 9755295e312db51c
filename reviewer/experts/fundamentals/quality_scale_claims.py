"""FUN335: the code contradicts what the quality_scale.yaml says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.integration.facts import is_integration
from reviewer.experts.integration.quality import claims, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_ACTIONS: Final = frozenset({"action-setup", "action-exceptions", "docs-actions"})
_REGISTERS: Final = ("async_register_entity_service", "async_register_platform_entity_service")


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
        elif claim.status == "exempt" and claim.rule in _ACTIONS and _says_none(claim.comment):
            where = _registers_actions(inquiry)
            if where:
                yield Match(
                    claim.at,
                    f"'{claim.rule}' is called exempt, and {where} registers an action.",
                    severity=Severity.LOW,
                    confidence=Confidence.LIKELY,
                )


def _says_none(comment: str) -> bool:
    """Tell whether a comment gives as the reason that there are no actions, and not that they are of another kind."""
    said = " ".join(comment.lower().split())
    return found(r"\b(no|not|without|any)\b.*\b(actions?|services?)\b|n't\b.*\b(actions?|services?)\b", said)


def _registers_actions(inquiry: Inquiry) -> str:
    """Return the file that registers an action of the integration, or an empty string."""
    for module in inquiry.project.modules({"services", *_REGISTERS}, tests=False):
        for call in module.calls({"async_register", *_REGISTERS}):
            receiver = module.text_of(call.receiver) if call.receiver is not None else ""
            if call.name in _REGISTERS or receiver.endswith("hass.services"):
                return module.path
    return ""
