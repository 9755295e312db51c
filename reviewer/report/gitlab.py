"""The result as a code quality report of GitLab, which is a part of Code Climate's format."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.scale import Severity
from reviewer.report.escape.plain_json import dump
from reviewer.report.escape.terminal import field
from reviewer.report.outcome import missed, open_by_weight

if TYPE_CHECKING:
    from reviewer.core.review import ReviewRun
    from reviewer.report.options import RenderOptions
    from reviewer.report.outcome import Missed, Told

_SEVERITY: Final = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}
_INCOMPLETE: Final = "reviewer-incomplete"


def render_gitlab(run: ReviewRun, options: RenderOptions) -> str:
    """Return the open findings as a JSON array, gravest first, and before them what was missed."""
    issues = [_gap(gap) for review in run.reviews for gap in missed(review, options.root)]
    issues += [_issue(one) for one in open_by_weight(run, options.root)]
    return dump(_distinct(issues))


def _issue(one: Told) -> dict[str, Any]:
    finding, at = one.finding, one.finding.location
    issue: dict[str, Any] = {
        "type": "issue",
        "check_name": finding.rule,
        "description": f"{one.title}: {field(finding.message)}",
        "content": {"body": field(finding.fix.text)},
        "categories": ["Security" if finding.expert == "security" else "Bug Risk"],
        "severity": _SEVERITY[finding.severity],
        "fingerprint": finding.fingerprint or _digest(one.place, finding.rule),
        "location": {"path": one.path, "lines": {"begin": at.line, "end": at.end_line}},
    }
    if finding.related:
        issue["other_locations"] = [
            {"path": one.path, "lines": {"begin": related.location.line, "end": related.location.end_line}}
            for related in finding.related
            if related.location.path == at.path
        ]
    return issue


def _gap(gap: Missed) -> dict[str, Any]:
    return {
        "type": "issue",
        "check_name": _INCOMPLETE,
        "description": f"The review is not complete: {field(gap.reason)}",
        "categories": ["Bug Risk"],
        "severity": "critical",
        "fingerprint": _digest(_INCOMPLETE, gap.path, gap.reason),
        "location": {"path": gap.path, "lines": {"begin": 1, "end": 1}},
    }


def _distinct(issues: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give what is found twice, such as in two copies of one plugin, a fingerprint each: GitLab drops repeated ones."""
    seen: dict[str, int] = {}
    for issue in issues:
        mark = issue["fingerprint"]
        seen[mark] = seen.get(mark, 0) + 1
        if seen[mark] > 1:
            issue["fingerprint"] = _digest(mark, str(seen[mark]))
    return issues


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
