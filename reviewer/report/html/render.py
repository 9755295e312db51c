"""The result of a review as one HTML page: contents, filters, findings with their source, checklist, rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reviewer
from reviewer.core.scale import Confidence
from reviewer.report.html.finding import card, reference, rule_anchor
from reviewer.report.html.page import page
from reviewer.report.html.prose import prose
from reviewer.report.html.subject import subject
from reviewer.report.outcome import open_by_weight, told
from reviewer.report.verdict import GRAVEST_FIRST, counted, open_findings, reasons, tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.core.finding import Finding
    from reviewer.core.review import ReviewRun
    from reviewer.report.options import RenderOptions


def render_html(run: ReviewRun, options: RenderOptions) -> str:
    """Return the page; findings stand gravest first within their subject, the accepted ones last."""
    subjects = [subject(review, number) for number, review in enumerate(run.reviews, 1)]
    by_review: dict[int, list[dict[str, Any]]] = {id(review): [] for review in run.reviews}
    number = 0
    for one in open_by_weight(run, options.root):
        number += 1
        by_review[id(one.review)].append(card(one, number, options))
    for review, shown in zip(run.reviews, subjects, strict=True):
        shown["findings"] = by_review[id(review)]
        shown["suppressed"] = []
        for one in told(review, options.root):
            if one.finding.suppressed is not None:
                number += 1
                shown["suppressed"].append(card(one, number, options))
    found = [finding for review in run.reviews for finding in review.findings]
    counts = tally(open_findings(run.reviews))
    return page(
        "report/page.html.j2",
        {
            "title": f"reviewer: {run.gate.result}",
            "verdict": run.gate.result,
            "reasons": reasons(run),
            "threshold": run.gate.threshold.value if run.gate.threshold else "none",
            "counts": [(severity.value, counts.get(severity, 0)) for severity in GRAVEST_FIRST],
            "total": counted(sum(counts.values()), "finding"),
            "number": sum(counts.values()),
            "across": counted(len(run.reviews), "subject"),
            "confidences": [
                level.value for level in reversed(Confidence) if level in {one.confidence for one in found}
            ],
            "experts": sorted({finding.expert for finding in found}),
            "subjects": subjects,
            "rules": rule_pages(found, options),
            "version": reviewer.__version__,
            "digest": run.rules_digest,
        },
    )


def rule_pages(findings: Iterable[Finding], options: RenderOptions) -> list[dict[str, Any]]:
    """Return the pages of the rules that spoke, in order of their ids."""
    named = {finding.rule: finding for finding in findings}
    pages = []
    for rule_id in sorted(named):
        rule = options.rules(rule_id) if options.rules is not None else None
        if rule is not None:
            pages.append(
                {
                    "anchor": rule_anchor(rule_id),
                    "id": rule.id,
                    "name": rule.name,
                    "fix": rule.fix,
                    "sections": [
                        (heading, prose(text))
                        for heading, text in rule.sections.items()
                        if text.strip() and heading != "References"
                    ],
                    "references": [reference(text) for text in rule.references],
                }
            )
    return pages
