"""One subject as the values of its part of the page: identity, permissions, checklist, coverage."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.checklist import Status
from reviewer.report.html.graph import graph
from reviewer.report.permissions import permission_rows
from reviewer.report.verdict import GRAVEST_FIRST, open_findings, tally

if TYPE_CHECKING:
    from reviewer.core.review import Maturity, Review

_LISTED: Final = 200
"""Files that are named one by one."""
_EXPERTS: Final = 7


def subject(review: Review, number: int) -> dict[str, Any]:
    """Return what the template shows of a subject besides its findings."""
    counts = tally(open_findings([review]))
    return {
        "anchor": f"subject-{number}",
        "path": review.subject.path or ".",
        "facts": about(review),
        "route": _route(review),
        "counts": [(severity.value, counts.get(severity, 0)) for severity in GRAVEST_FIRST],
        "total": sum(counts.values()),
        "permissions": permissions(review),
        "checklist": checklist(review),
        "maturity": review.maturity and _maturity(review.maturity),
        "coverage": coverage(review),
        "errors": [{"rule": one.rule, "message": one.message, "path": one.path} for one in review.errors],
        "ignored": review.ignored,
    }


def about(review: Review) -> list[tuple[str, str]]:
    """Return what a subject is, as pairs of a word and its value."""
    named = review.subject
    facts = {
        "kind": named.kind,
        "ecosystem": named.ecosystem,
        "identity": " ".join(word for word in (named.id, named.version) if word),
        "manifest": named.manifest or "none",
        "left out": f"{review.unshown} only possible (--auditor)" if review.unshown else "",
    }
    return [(name, value) for name, value in facts.items() if value]


def _route(review: Review) -> str:
    by_reason: dict[str, list[str]] = {}
    for step in review.route:
        by_reason.setdefault(step.why, []).append(step.expert)
    parts = []
    for why, experts in by_reason.items():
        names = "all seven experts" if len(experts) == _EXPERTS else ", ".join(experts)
        parts.append(f"{names} ({why})" if why else names)
    return "; ".join(parts)


def permissions(review: Review) -> dict[str, Any] | None:
    """Return the permission picture with its graph and the places of each, or None where there is nothing to show."""
    found = review.permissions
    drawn = graph(found)
    if drawn is None:
        return None
    return {"score": found.score, "graph": drawn, "table": permission_rows(found), "asked": bool(found.declared)}


def checklist(review: Review) -> list[dict[str, Any]]:
    """Return the answers by expert, with how many stand how; what is not asked of this kind stands aside."""
    groups = []
    for expert, answers in groupby(review.checklist, key=lambda answer: answer.expert):
        asked = list(answers)
        counts = Counter(answer.status for answer in asked)
        groups.append(
            {
                "expert": expert,
                "items": [answer for answer in asked if answer.status is not Status.NOT_APPLICABLE],
                "aside": ", ".join(answer.id for answer in asked if answer.status is Status.NOT_APPLICABLE),
                "counts": [(status.value, counts[status]) for status in Status if counts[status]],
                "open": bool(counts[Status.FAIL]),
            }
        )
    return groups


def _maturity(maturity: Maturity) -> dict[str, Any]:
    return {
        "level": maturity.level,
        "title": maturity.title,
        "features": [
            {"title": one.title, "level": one.level, "missing": one.missing, "seen": one.seen}
            for one in maturity.features
        ],
    }


def coverage(review: Review) -> dict[str, Any]:
    """Return which files were looked at, and which were not and why."""
    covered = review.coverage
    grave = [file for file in covered.skipped if file.matters]
    others = [file for file in covered.skipped if not file.matters]
    return {
        "files": covered.files,
        "analysed": covered.analysed,
        "missing": [(file.path, file.reason) for file in grave[:_LISTED]],
        "more_missing": max(len(grave) - _LISTED, 0),
        "others": [(file.path, file.reason) for file in others[:_LISTED]],
        "more_others": max(len(others) - _LISTED, 0),
    }
