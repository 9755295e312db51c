"""The list of rules, as a table for a terminal and as JSON."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import reviewer
from reviewer.core.experts import EXPERTS
from reviewer.report.colour import BY_SEVERITY, Style
from reviewer.report.escape.plain_json import dump
from reviewer.report.page import Page
from reviewer.report.verdict import counted
from reviewer.report.width import clip, columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.core.rule import Rule
    from reviewer.report.options import RenderOptions

SCHEMA = "reviewer/rules/1"
"""The name of the schema of the JSON."""

_SEVERITY = 10
_CONFIDENCE = 10
_STATUS = 10


def rules_text(rules: Iterable[Rule], options: RenderOptions) -> str:
    """Return the table: the rules of each expert together, ordered by id."""
    ordered = _ordered(rules)
    page = Page(options)
    identity = max([6, *(columns(page.safe(rule.id)) for rule in ordered)]) + 2
    # Not the whole width: severity and confidence should stand near the name they belong to.
    name = min(
        max([4, *(columns(page.safe(rule.name)) for rule in ordered)]),
        page.width - identity - _SEVERITY - _CONFIDENCE - _STATUS - 2,
    )
    for expert, group in groupby(ordered, key=lambda rule: rule.expert):
        page.blank()
        page.line((expert, Style.STRONG))
        for rule in group:
            shown = clip(page.safe(rule.name), name, page.glyphs.ellipsis)
            page.line(
                f"{page.safe(rule.id):<{identity}}",
                shown + " " * (name + 2 - columns(shown)),
                (rule.severity, BY_SEVERITY[rule.severity]),
                " " * (_SEVERITY - len(rule.severity)),
                f"{rule.confidence:<{_CONFIDENCE}}",
                ("" if rule.status == "stable" else rule.status, Style.FAINT),
            )
    page.blank()
    page.line(f"{counted(len(ordered), 'rule')}; reviewer explain ID shows the page of one")
    return page.text()


def rules_json(rules: Iterable[Rule]) -> str:
    """Return the rules as JSON in ASCII: all that is known of each but its check and its examples."""
    return dump(
        {
            "schema": SCHEMA,
            "tool": {"name": "reviewer", "version": reviewer.__version__},
            "rules": [_data(rule) for rule in _ordered(rules)],
        }
    )


def _ordered(rules: Iterable[Rule]) -> list[Rule]:
    """Order rules by expert, as results list them, and then by id."""
    place = {expert: index for index, expert in enumerate(EXPERTS)}
    return sorted(rules, key=lambda rule: (place.get(rule.expert, len(place)), rule.expert, rule.id))


def _data(rule: Rule) -> dict[str, Any]:
    reach = rule.applies_to
    return {
        "id": rule.id,
        "name": rule.name,
        "expert": rule.expert,
        "severity": rule.severity.value,
        "confidence": rule.confidence.value,
        "status": rule.status,
        "since": rule.since,
        "style": rule.style,
        "fix": rule.fix,
        "applies_to": {
            "kinds": list(reach.kinds),
            "languages": list(reach.languages),
            "ecosystems": list(reach.ecosystems),
            "trust": list(reach.trust),
        },
        "references": list(rule.references),
        "checklist": list(rule.checklist),
        "more_specific_than": list(rule.more_specific_than),
        "guide": list(rule.guide),
        "sections": dict(rule.sections),
    }
