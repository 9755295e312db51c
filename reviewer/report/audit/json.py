"""An audit as JSON of the schema ``reviewer/audit/1``, whose text ships in ``schemas/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import reviewer
from reviewer.report.escape.plain_json import dump
from reviewer.report.escape.terminal import shorten
from reviewer.report.json import review_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.core.checklist import Answer
    from reviewer.core.location import Location
    from reviewer.core.review import PermissionPlace, ReviewRun
    from reviewer.report.audit.model import Audit, InterfaceView, SectionView, Step, ThreatView
    from reviewer.report.options import RenderOptions
    from reviewer.report.outcome import Told

SCHEMA: Final = "reviewer/audit/1"


def render_json(run: ReviewRun, audits: Sequence[Audit], _options: RenderOptions) -> str:
    """Return the audits as JSON in ASCII; findings are spelled as in ``reviewer/review/1``."""
    whole = review_data(run)
    return dump(
        {
            "schema": SCHEMA,
            "tool": {"name": "reviewer", "version": reviewer.__version__, "rules": run.rules_digest},
            "audits": [_audit(audit, data) for audit, data in zip(audits, whole["reviews"], strict=True)],
            "gate": whole["gate"],
        }
    )


def _audit(audit: Audit, review: dict[str, Any]) -> dict[str, Any]:
    bearing = {id(one.finding) for one in audit.findings}
    accepted = {id(one.finding) for one in audit.accepted}
    pairs = list(zip(audit.review.findings, review["findings"], strict=True))
    return {
        "subject": review["subject"],
        "risk": {
            "level": audit.risk.level,
            "why": shorten(audit.risk.why),
            "counts": {
                severity.value: dict(zip(("certain", "likely", "possible"), counts, strict=True))
                for severity, counts in audit.risk.counts
            },
        },
        "findings": [data for finding, data in pairs if id(finding) in bearing],
        "accepted": [data for finding, data in pairs if id(finding) in accepted],
        "other_findings": audit.others,
        "threats": [_interface(view) for view in audit.interfaces],
        "interfaces_not_seen": list(audit.unseen),
        "permissions": {
            **review["permissions"],
            "places": [_permission(place) for place in audit.review.permissions.places],
        },
        "sections": [_section(section) for section in audit.sections],
        "hardening": [_step(step) for step in audit.steps],
        "coverage": review["coverage"],
        "errors": review["errors"],
        "ignored": review["ignored"],
        "maturity": review["maturity"],
    }


def _at(place: Location) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "column": place.column}


def _permission(place: PermissionPlace) -> dict[str, Any]:
    return {
        "permission": shorten(place.permission),
        **_at(place.location),
        "spelled": shorten(place.spelled),
        "declared": place.declared,
        "risk": place.risk,
        "scoped": place.scoped,
        "covered_by": [shorten(name) for name in place.covered_by],
    }


def _interface(view: InterfaceView) -> dict[str, Any]:
    return {
        "interface": view.interface.id,
        "title": view.interface.title,
        "about": view.about,
        "seen": [{"what": shorten(sign.text), **_at(sign.location)} for sign in view.interface.signs],
        "places": view.interface.places,
        "threats": [_threat(threat) for threat in view.threats],
    }


def _threat(threat: ThreatView) -> dict[str, Any]:
    return {
        "stride": threat.stride,
        "name": threat.name,
        "threat": threat.threat,
        "control": threat.control,
        "standing": threat.standing.value,
        "evidence": [shorten(text) for text in threat.evidence],
    }


def _section(section: SectionView) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "about": section.about,
        "standing": section.standing.value,
        "notes": [shorten(note) for note in section.notes],
        "findings": [_named(one) for one in section.findings],
        "answers": [_answer(answer) for answer in section.answers],
    }


def _named(one: Told) -> dict[str, Any]:
    finding = one.finding
    return {"rule": finding.rule, "fingerprint": finding.fingerprint, **_at(finding.location)}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.id,
        "question": answer.question,
        "status": answer.status.value,
        "evidence": [shorten(text) for text in answer.evidence],
    }


def _step(step: Step) -> dict[str, Any]:
    example = step.example
    return {
        "rule": step.rule,
        "name": step.name,
        "severity": step.severity.value,
        "share": step.share,
        "fix": shorten(step.fix),
        "findings": [_named(one) for one in step.found],
        "example": example and {"path": example.path, "language": example.language, "text": example.text},
    }
