"""The result as Markdown for a comment on a pull request, within the length that hosts of repositories take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.report.escape.markdown import Ready, code
from reviewer.report.finding_markdown import finding_markdown
from reviewer.report.outcome import missed, open_by_weight
from reviewer.report.templates import markdown
from reviewer.report.verdict import GRAVEST_FIRST, counted, open_findings, reasons, suppressed_findings, tally

if TYPE_CHECKING:
    from reviewer.core.review import Review, ReviewRun
    from reviewer.report.options import RenderOptions
    from reviewer.report.outcome import Told

LIMIT: Final = 60_000
"""Characters of all findings together; GitHub refuses a comment with more than 65,536."""
_GAPS: Final = 20
_SUBJECTS: Final = 100


def render_comment(run: ReviewRun, options: RenderOptions) -> str:
    """Return the verdict, a table of subjects, and the findings, gravest first, as many as fit."""
    found = open_by_weight(run, options.root)
    written: list[Ready] = []
    room = LIMIT
    for one in found:
        text = finding_markdown(one, options)
        room -= len(str(text))
        if room < 0:
            break
        written.append(text)
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


def _footer(run: ReviewRun, found: list[Told]) -> Ready:
    """Say where to read on; every word of it is ours but the id of a rule, which is checked where it is read."""
    asked = code(f"reviewer explain {found[0].finding.rule}").text if found else code("reviewer rules").text
    return Ready(f"{counted(len(found), 'finding')} in {counted(len(run.reviews), 'subject')}; why: {asked}")
