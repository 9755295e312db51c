"""The result as Markdown for a comment on a pull request, within the length that hosts of repositories take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.core.scale import Confidence
from reviewer.report.address import relative_path
from reviewer.report.escape.markdown import Ready, code, fenced
from reviewer.report.outcome import missed, open_by_weight
from reviewer.report.snippet import changes, rows
from reviewer.report.templates import markdown
from reviewer.report.verdict import GRAVEST_FIRST, counted, open_findings, reasons, suppressed_findings, tally

if TYPE_CHECKING:
    from reviewer.core.location import Location
    from reviewer.core.review import Review, ReviewRun
    from reviewer.report.options import RenderOptions
    from reviewer.report.outcome import Told

LIMIT: Final = 60_000
"""Characters of all findings together; GitHub refuses a comment with more than 65,536."""
_GAPS: Final = 20
_RELATED: Final = 5
_SUBJECTS: Final = 100
_LANGUAGES: Final = {".ts": "ts", ".tsx": "tsx", ".js": "js", ".jsx": "jsx", ".py": "py", ".json": "json"}


def render_comment(run: ReviewRun, options: RenderOptions) -> str:
    """Return the verdict, a table of subjects, and the findings, gravest first, as many as fit."""
    found = open_by_weight(run, options.root)
    written: list[Ready] = []
    room = LIMIT
    for one in found:
        text = markdown("report/finding.md.j2", _finding(one, options)).rstrip("\n") + "\n"
        room -= len(text)
        if room < 0:
            break
        written.append(Ready(text))
    gaps = [gap for review in run.reviews for gap in missed(review, options.root)]
    suppressed = len(suppressed_findings(run.reviews))
    left = len(found) - len(written)
    values = {
        "verdict": run.gate.result,
        "reasons": reasons(run),
        "severities": [severity.value for severity in GRAVEST_FIRST],
        "subjects": [_subject(review) for review in run.reviews[:_SUBJECTS]],
        "gaps": [{"path": code(gap.path), "reason": gap.reason} for gap in gaps[:_GAPS]],
        "more_gaps": max(len(gaps) - _GAPS, 0),
        "findings": written,
        "left_out": counted(left, "finding") if left else "",
        "suppressed": counted(suppressed, "finding") if suppressed else "",
        "footer": _footer(run, found),
    }
    return markdown("report/comment.md.j2", values).rstrip("\n") + "\n"


def _subject(review: Review) -> dict[str, Any]:
    counts = tally(open_findings([review]))
    permissions, coverage = review.permissions, review.coverage
    declared = bool(permissions.declared or permissions.used)
    return {
        "path": review.subject.path or ".",
        "kind": review.subject.kind,
        "counts": [counts.get(severity, 0) for severity in GRAVEST_FIRST],
        "permissions": f"risk {permissions.score} of 100" if declared else "none",
        "files": f"{coverage.analysed} of {coverage.files} analysed",
    }


def _finding(one: Told, options: RenderOptions) -> dict[str, Any]:
    finding, subject = one.finding, one.review.subject.path
    edits = finding.fix.edits
    changed = [change for edit in edits[:1] for change in changes(options.sources, subject, edit)]
    return {
        "severity": finding.severity.value,
        "rule": finding.rule,
        "name": finding.name,
        "doubt": "" if finding.confidence is Confidence.CERTAIN else finding.confidence.value,
        "place": code(one.place),
        "message": finding.message,
        "source": _source(one, options),
        "relateds": [
            {"place": code(_place(subject, related.location, options.root)), "message": related.message}
            for related in finding.related[:_RELATED]
        ],
        "fix": finding.fix.text,
        "diff": fenced("diff", *(f"{change.sign} {change.text}" for change in changed)) if changed else "",
    }


def _source(one: Told, options: RenderOptions) -> Ready | str:
    lines = [
        f"{row.number:>4}  {row.text}" if row.number else "   …"
        for row in rows(options.sources, one.review.subject.path, one.finding.location)
    ]
    language = next((name for ending, name in _LANGUAGES.items() if one.path.endswith(ending)), "text")
    return fenced(language, *lines) if lines else ""


def _place(subject: str, place: Location, root: str) -> str:
    return f"{relative_path(subject, place.path, root)}:{place.line}:{place.column}"


def _footer(run: ReviewRun, found: list[Told]) -> Ready:
    """Say where to read on; every word of it is ours but the id of a rule, which is checked where it is read."""
    asked = code(f"reviewer explain {found[0].finding.rule}").text if found else code("reviewer rules").text
    return Ready(f"{counted(len(found), 'finding')} in {counted(len(run.reviews), 'subject')}; why: {asked}")
