"""An audit as Markdown, to be kept, sent or signed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.checklist import Status
from reviewer.report.escape.markdown import Ready, code, fenced, inline
from reviewer.report.escape.terminal import show
from reviewer.report.finding_markdown import finding_markdown
from reviewer.report.outcome import missed
from reviewer.report.permissions import permission_rows
from reviewer.report.templates import markdown
from reviewer.report.verdict import counted, reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.core.review import Coverage, ReviewRun
    from reviewer.report.audit.model import Audit, SectionView, Step
    from reviewer.report.options import RenderOptions

_FIRST_SECTION: Final = 4
_EVIDENCE: Final = 3
_REASONS: Final = 4


def render_markdown(run: ReviewRun, audits: Sequence[Audit], options: RenderOptions) -> str:
    """Return the audits, the verdict last."""
    values = {
        "audits": [_audit(audit, options) for audit in audits],
        "verdict": run.gate.result,
        "reasons": reasons(run),
    }
    return markdown("audit/audit.md.j2", values).rstrip("\n") + "\n"


def _audit(audit: Audit, options: RenderOptions) -> dict[str, Any]:
    review = audit.review
    subject, covered = review.subject, review.coverage
    rows = permission_rows(review.permissions)
    facts = (subject.kind, subject.ecosystem, " ".join(word for word in (subject.id, subject.version) if word))
    return {
        "path": subject.path or ".",
        "facts": ", ".join(fact for fact in facts if fact),
        "risk": {
            "level": audit.risk.level,
            "why": audit.risk.why,
            "counts": [(severity.value, counts) for severity, counts in audit.risk.counts],
        },
        "besides": audit.besides,
        "ignored": review.ignored,
        "findings": [finding_markdown(one, options) for one in audit.findings],
        "accepted": [
            {"title": one.title, "place": code(one.spot), "reason": one.finding.suppressed.reason}
            for one in audit.accepted
            if one.finding.suppressed is not None
        ],
        "interfaces": [
            {
                "title": view.interface.title,
                "about": view.about,
                "signs": [
                    {"text": code(sign.text), "place": code(f"{sign.location.path}:{sign.location.line}")}
                    for sign in view.interface.signs
                ],
                "threats": [
                    {
                        "name": f"{threat.stride} {threat.name}",
                        "threat": threat.threat,
                        "standing": threat.standing.value,
                        "evidence": _broken(threat.evidence),
                        "control": threat.control,
                    }
                    for threat in view.threats
                ],
            }
            for view in audit.interfaces
        ],
        "unseen": ", ".join(audit.unseen),
        "score": review.permissions.score if review.permissions.declared else None,
        "permissions": [
            {**row._asdict(), "declared": _broken(row.declared), "used": _broken(row.used)} for row in rows
        ],
        "sections": [_section(number, section) for number, section in enumerate(audit.sections, _FIRST_SECTION)],
        "guide": _FIRST_SECTION + len(audit.sections),
        "steps": [_step(number, step) for number, step in enumerate(audit.steps, 1)],
        "coverage": _looked_at(covered),
        "gaps": [{"path": gap.path, "reason": gap.reason} for gap in missed(review, options.root)],
    }


def _looked_at(coverage: Coverage) -> str:
    """Say how many files were analysed, and why the others need no analysis."""
    said = f"{coverage.analysed} of {counted(coverage.files, 'file')} analysed"
    others = Counter(file.reason for file in coverage.skipped if not file.matters)
    if others:
        named = others.most_common(_REASONS)
        told = [f"{reason} ({count})" for reason, count in named]
        left = others.total() - sum(count for _, count in named)
        told += [f"for other reasons ({left})"] if left else []
        said += f", {others.total()} skipped that need no analysis: {'; '.join(told)}"
    return f"{said}."


def _broken(lines: Iterable[str]) -> Ready:
    """Return lines for a cell of a table, each escaped by itself."""
    return Ready("<br>".join(map(inline, lines)))


def _section(number: int, section: SectionView) -> dict[str, Any]:
    return {
        "number": number,
        "title": section.title,
        "standing": section.standing.value,
        "about": section.about,
        "notes": section.notes,
        "findings": [{"title": one.title, "place": code(one.spot)} for one in section.findings],
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


def _step(number: int, step: Step) -> dict[str, Any]:
    example = step.example
    lines = [show(line.expandtabs(4)) for line in example.text.rstrip("\n").split("\n")] if example else []
    return {
        "number": number,
        "rule": step.rule,
        "name": step.name,
        "severity": step.severity.value,
        "share": step.share,
        "fix": step.fix,
        "places": [code(one.spot) for one in step.found],
        "path": code(example.path) if example else "",
        "example": fenced(example.path.rpartition(".")[2], *lines) if example else "",
    }
