"""The result as JSON of the schema ``reviewer/review/1``, whose text ships in ``schemas/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reviewer
from reviewer.report.escape.plain_json import dump
from reviewer.report.escape.terminal import shorten

if TYPE_CHECKING:
    from reviewer.core.checklist import Answer
    from reviewer.core.finding import Finding, Suppression
    from reviewer.core.location import Location
    from reviewer.core.review import Maturity, Problem, Review, ReviewRun, Skipped
    from reviewer.report.options import RenderOptions

SCHEMA = "reviewer/review/1"
"""The name of the schema; a change that takes something away gets a new number."""


def render_json(run: ReviewRun, _options: RenderOptions) -> str:
    """Return the whole result as JSON in ASCII, keys and lists in a fixed order."""
    return dump(review_data(run))


def review_data(run: ReviewRun) -> dict[str, Any]:
    """Return the result as the plain data of the schema.

    Text that may quote a subject is cut to the length of a field; paths, edits and fingerprints
    are whole, since a program acts on them.
    """
    gate = run.gate
    return {
        "schema": SCHEMA,
        "tool": {"name": "reviewer", "version": reviewer.__version__, "rules": run.rules_digest},
        "reviews": [_review(review) for review in run.reviews],
        "gate": {
            "result": gate.result,
            "threshold": gate.threshold and gate.threshold.value,
            "reasons": _texts(gate.reasons),
        },
    }


def _review(review: Review) -> dict[str, Any]:
    subject, coverage, permissions = review.subject, review.coverage, review.permissions
    return {
        "subject": {
            "path": subject.path,
            "kind": subject.kind,
            "ecosystem": subject.ecosystem,
            "id": shorten(subject.id),
            "version": shorten(subject.version),
            "manifest": subject.manifest,
        },
        "route": [{"expert": step.expert, "why": shorten(step.why)} for step in review.route],
        "findings": [_finding(finding) for finding in review.findings],
        "unshown": review.unshown,
        "checklist": [_answer(answer) for answer in review.checklist],
        "permissions": {
            "declared": _texts(permissions.declared),
            "used": _texts(permissions.used),
            "undeclared": _texts(permissions.undeclared),
            "unused": _texts(permissions.unused),
            "score": permissions.score,
        },
        "coverage": {
            "files": coverage.files,
            "analysed": coverage.analysed,
            "skipped": [_skipped(file) for file in coverage.skipped],
        },
        "errors": [_problem(problem) for problem in review.errors],
        "ignored": _texts(review.ignored),
        "maturity": review.maturity and _maturity(review.maturity),
    }


def _maturity(maturity: Maturity) -> dict[str, Any]:
    return {
        "level": maturity.level,
        "title": maturity.title,
        "features": [
            {"id": one.id, "level": one.level, "title": one.title, "missing": shorten(one.missing), "seen": one.seen}
            for one in maturity.features
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": finding.name,
        "expert": finding.expert,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": shorten(finding.message),
        **_place(finding.location),
        "related": [{**_place(related.location), "message": shorten(related.message)} for related in finding.related],
        "fix": {
            "text": shorten(finding.fix.text),
            "edits": [{**_place(edit.location), "replacement": edit.replacement} for edit in finding.fix.edits],
        },
        "references": list(finding.references),
        "fingerprint": finding.fingerprint,
        "suppressed": finding.suppressed and _suppression(finding.suppressed),
    }


def _place(place: Location) -> dict[str, Any]:
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _suppression(suppression: Suppression) -> dict[str, Any]:
    return {
        "kind": suppression.kind,
        "reason": shorten(suppression.reason),
        "path": suppression.path,
        "line": suppression.line,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.id,
        "expert": answer.expert,
        "question": shorten(answer.question),
        "status": answer.status.value,
        "evidence": _texts(answer.evidence),
    }


def _skipped(file: Skipped) -> dict[str, Any]:
    return {"path": file.path, "reason": shorten(file.reason), "matters": file.matters}


def _problem(problem: Problem) -> dict[str, Any]:
    return {"rule": problem.rule, "message": shorten(problem.message), "path": problem.path}


def _texts(texts: tuple[str, ...]) -> list[str]:
    return [shorten(text) for text in texts]
