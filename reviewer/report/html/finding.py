"""One finding as the values of its card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.core.scale import Confidence
from reviewer.report.escape.html import link
from reviewer.report.snippet import changes, rows

if TYPE_CHECKING:
    from reviewer.core.location import Location
    from reviewer.report.options import RenderOptions
    from reviewer.report.outcome import Told

CONTEXT: Final = 2
"""Lines shown before and after the place."""
_RELATED: Final = 10
_EDITS: Final = 3
_CWE: Final = "https://cwe.mitre.org/data/definitions/"


def card(one: Told, number: int, options: RenderOptions) -> dict[str, Any]:
    """Return what the template shows of a finding; ``number`` is its place in the report, from 1."""
    finding, subject = one.finding, one.review.subject.path
    return {
        "anchor": f"finding-{number}",
        "rule": finding.rule,
        "rule_anchor": rule_anchor(finding.rule),
        "name": finding.name,
        "expert": finding.expert,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "doubt": "" if finding.confidence is Confidence.CERTAIN else finding.confidence.value,
        "message": finding.message,
        "place": spelled(finding.location),
        "rows": rows(options.sources, subject, finding.location, CONTEXT),
        "relateds": [
            {
                "place": spelled(related.location),
                "message": related.message,
                "rows": rows(options.sources, subject, related.location),
            }
            for related in finding.related[:_RELATED]
        ],
        "more_related": max(len(finding.related) - _RELATED, 0),
        "fix": finding.fix.text,
        "changes": [
            change for edit in finding.fix.edits[:_EDITS] for change in changes(options.sources, subject, edit)
        ],
        "references": [reference(text) for text in finding.references],
        "fingerprint": finding.fingerprint,
        "suppressed": finding.suppressed,
    }


def spelled(place: Location) -> str:
    """Return a place as people write it."""
    return f"{place.path}:{place.line}:{place.column}"


def rule_anchor(rule: str) -> str:
    """Return the name of a rule's place on the page; letters and digits alone."""
    return "rule-" + "".join(character for character in rule if character.isalnum() and character.isascii())


def reference(text: str) -> dict[str, str]:
    """Return a reference with the address that it leads to; empty where it leads nowhere."""
    number = text.removeprefix("CWE-")
    if text.startswith("CWE-") and number.isdecimal():
        return {"text": text, "address": f"{_CWE}{number}.html"}
    return {"text": text.removeprefix("https://"), "address": link(text)}
