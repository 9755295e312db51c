"""A run over a market as one HTML page that needs no network and no script, of bounded size."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import reviewer
from reviewer.core.experts import EXPERTS
from reviewer.market.facets import SEVERITY
from reviewer.market.records import FAILED, REFUSED, WAITING
from reviewer.market.report.cards import found_card
from reviewer.report.html.finding import reference, rule_anchor
from reviewer.report.html.page import page
from reviewer.report.html.prose import prose
from reviewer.report.verdict import GRAVEST_FIRST, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.market.facets import Tally
    from reviewer.market.listing import Reviewed
    from reviewer.market.records import FindingRow
    from reviewer.market.report.gathering import Gathered, Part
    from reviewer.report.options import Rules

_WHY: Final = "Why it matters"


def market_html(gathered: Gathered, rules: Rules | None) -> str:
    """Return the page."""
    rules = cache(rules) if rules is not None else None  # a page is read for every card
    numbers = count(1)
    overview = gathered.overview
    shown = [_rule(part, rules, numbers) for part in gathered.rules]
    by_severity = [
        (severity.value, group)
        for severity in GRAVEST_FIRST
        if (group := [one for one in shown if one["severity"] == severity.value])
    ]
    experts = {part.tally.expert for part in gathered.rules}
    return page(
        "market/page.html.j2",
        {
            "title": f"reviewer: a market of {counted(overview.entries, 'entry', 'entries')}",
            "total": counted(overview.findings, "finding"),
            "across": counted(overview.entries, "entry", "entries"),
            "reasons": reasons(gathered),
            "counts": [(one.key, one.findings, one.subjects) for one in overview.facets[SEVERITY]],
            "number": overview.findings,
            "experts": [expert for expert in EXPERTS if expert in experts],
            "rules": shown,
            "by_severity": by_severity,
            "led": [word for word, _group in by_severity],
            "known": [one["id"] for one in shown],
            "ecosystems": [_group(part, f"ecosystem-{at}") for at, part in enumerate(gathered.ecosystems, 1)],
            "scores": [_group(part, f"score-{at}") for at, part in enumerate(gathered.scores, 1)],
            "without": gathered.without,
            "more_without": _without(gathered) - len(gathered.without),
            "sections": gathered.sections,
            "version": reviewer.__version__,
            "digest": gathered.run.rules,
        },
    )


def reasons(gathered: Gathered) -> list[str]:
    """Return what the numbers are of, and how far they can be trusted."""
    run, overview = gathered.run, gathered.overview
    sources = ", ".join(run.sources[:5]) + (f" and {len(run.sources) - 5} more" if len(run.sources) > 5 else "")
    waiting = overview.states.get(WAITING, 0)
    told = [
        f"run {run.id} of {run.started}" + ("" if run.finished else ", not finished") + f", over {sources}",
        f"{counted(overview.subjects, 'subject')} reviewed, {overview.analysed} of {overview.files} files analysed",
    ]
    if waiting:
        told.append(f"{counted(waiting, 'entry', 'entries')} not reviewed yet")
    if _without(gathered):
        told.append(f"{counted(_without(gathered), 'entry', 'entries')} could not be reviewed")
    if overview.incomplete:
        told.append(f"the review of {counted(overview.incomplete, 'subject')} is not complete")
    return told


def _without(gathered: Gathered) -> int:
    """Return how many entries were refused, or failed."""
    states = gathered.overview.states
    return sum(number for state, number in states.items() if state in (REFUSED, FAILED))


def _rule(part: Part, rules: Rules | None, numbers: Iterator[int]) -> dict[str, Any]:
    tally = part.tally
    rule = rules(tally.key) if rules is not None else None
    return {
        **_line(tally),
        "anchor": rule_anchor(tally.key),
        "id": tally.key,
        "name": tally.name,
        "expert": tally.expert,
        "fix": rule.fix if rule is not None else "",
        "why": prose(rule.sections.get(_WHY, "")) if rule is not None else "",
        "references": [reference(text) for text in rule.references] if rule is not None else [],
        "cards": [found_card(found, next(numbers), rules) for found in part.findings],
        "left_out": tally.findings - len(part.findings),
    }


def _group(part: Part, anchor: str) -> dict[str, Any]:
    tally = part.tally
    return {
        **_line(tally),
        "anchor": anchor,
        "key": tally.key,
        "of": tally.out_of or tally.subjects,
        "rows": [_subject(one, first) for one, first in part.subjects],
        "left_out": (tally.out_of or tally.subjects) - len(part.subjects),
    }


def _line(tally: Tally) -> dict[str, Any]:
    return {"severity": tally.severity, "findings": tally.findings, "subjects": tally.subjects}


def _subject(one: Reviewed, first: list[FindingRow]) -> dict[str, Any]:
    return {
        "title": one.title,
        "entry": one.entry_name,
        "path": one.path,
        "score": one.score,
        "counts": list(one.counts.items()),
        "complete": bool(one.complete),
        "first": [
            {
                "rule": row.rule,
                "anchor": rule_anchor(row.rule),
                "message": row.message,
                "place": f"{row.path}:{row.line}",
            }
            for row in first
        ],
        "left_out": sum(one.counts.values()) - len(first),
    }
