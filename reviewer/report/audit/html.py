"""An audit as one HTML page, of the same make as that of a review."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import reviewer
from reviewer.core.checklist import Status
from reviewer.report.html.finding import card, rule_anchor
from reviewer.report.html.page import page
from reviewer.report.html.render import rule_pages
from reviewer.report.html.subject import about, coverage, permissions
from reviewer.report.snippet import visible
from reviewer.report.verdict import reasons

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reviewer.core.review import ReviewRun
    from reviewer.report.audit.model import Audit, InterfaceView, SectionView, Standing, Step
    from reviewer.report.options import RenderOptions
    from reviewer.report.outcome import Told

_EVIDENCE = 3


def render_html(run: ReviewRun, audits: Sequence[Audit], options: RenderOptions) -> str:
    """Return the page; sections and steps link to the cards of their findings."""
    numbers = count(1)
    found = [one.finding for audit in audits for one in (*audit.findings, *audit.accepted)]
    return page(
        "audit/page.html.j2",
        {
            "title": "Security audit",
            "audits": [_audit(audit, number, numbers, options) for number, audit in enumerate(audits, 1)],
            "rules": rule_pages(found, options),
            "verdict": run.gate.result,
            "reasons": reasons(run),
            "version": reviewer.__version__,
            "digest": run.rules_digest,
        },
    )


def _audit(audit: Audit, number: int, numbers: Iterator[int], options: RenderOptions) -> dict[str, Any]:
    review = audit.review
    findings = [card(one, next(numbers), options) for one in audit.findings]
    cards = {id(one.finding): shown for one, shown in zip(audit.findings, findings, strict=True)}
    return {
        "anchor": f"audit-{number}",
        "path": review.subject.path or ".",
        "facts": about(review),
        "risk": {
            "level": audit.risk.level,
            "word": audit.risk.level.replace(" ", "-"),
            "why": audit.risk.why,
            "counts": [(severity.value, counts) for severity, counts in audit.risk.counts],
        },
        "besides": audit.besides,
        "ignored": review.ignored,
        "findings": findings,
        "accepted": [card(one, next(numbers), options) for one in audit.accepted],
        "interfaces": [_interface(view) for view in audit.interfaces],
        "unseen": ", ".join(audit.unseen),
        "permissions": permissions(review),
        "sections": [_section(section, cards) for section in audit.sections],
        "steps": [_step(step, cards) for step in audit.steps],
        "errors": review.errors,
        "coverage": coverage(review),
    }


def _word(standing: Standing) -> str:
    """Return the class of a standing in the style sheet."""
    return standing.value.replace(" ", "-")


def _interface(view: InterfaceView) -> dict[str, Any]:
    return {
        "title": view.interface.title,
        "about": view.about,
        "places": view.interface.places,
        "signs": [
            {"text": sign.text, "place": f"{sign.location.path}:{sign.location.line}"} for sign in view.interface.signs
        ],
        "threats": [
            {
                "stride": threat.stride,
                "name": threat.name,
                "threat": threat.threat,
                "control": threat.control,
                "standing": threat.standing.value,
                "word": _word(threat.standing),
                "evidence": threat.evidence,
            }
            for threat in view.threats
        ],
    }


def _section(section: SectionView, cards: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "about": section.about,
        "standing": section.standing.value,
        "word": _word(section.standing),
        "notes": section.notes,
        "findings": _shown(section.findings, cards),
        "answers": [
            {
                "id": answer.id,
                "status": answer.status.value,
                "question": answer.question,
                "evidence": answer.evidence[: 1 if answer.status is Status.PASS else _EVIDENCE],
            }
            for answer in section.answers
        ],
    }


def _step(step: Step, cards: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    example = step.example
    return {
        "rule": step.rule,
        "rule_anchor": rule_anchor(step.rule),
        "name": step.name,
        "severity": step.severity.value,
        "share": step.share,
        "fix": step.fix,
        "found": _shown(step.found, cards),
        "path": example.path if example else "",
        "code": [visible(line) for line in example.text.rstrip("\n").split("\n")] if example else [],
    }


def _shown(found: Sequence[Told], cards: Mapping[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cards of findings, which stand above."""
    return [cards[id(one.finding)] for one in found]
