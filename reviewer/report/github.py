"""The result as annotations of a GitHub workflow: commands within its limits, the rest as plain log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.report.escape.github import data, line, prop
from reviewer.report.outcome import missed, open_by_weight
from reviewer.report.verdict import counted, reasons

if TYPE_CHECKING:
    from reviewer.core.review import ReviewRun
    from reviewer.report.options import RenderOptions
    from reviewer.report.outcome import Told

LIMIT: Final = 10
"""Annotations of one level that GitHub keeps of one step; it drops the others without a word."""
_COMMAND: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
_MISSED: Final = 10
"""Missed things that the annotation about the incomplete review names."""


def render_github(run: ReviewRun, options: RenderOptions) -> str:
    """Return workflow commands, gravest first; what is over the limits follows as plain lines in a group.

    The last line is the verdict. A subject can't add a command: its text is data, a property, or
    a line that begins with no command.
    """
    lines: list[str] = []
    used: dict[str, int] = {}
    gaps = [gap for review in run.reviews for gap in missed(review, options.root)]
    if gaps:
        named = [f"{gap.path}: {gap.reason}" for gap in gaps[:_MISSED]]
        if len(gaps) > _MISSED:
            named.append(f"{len(gaps) - _MISSED} more")
        lines.append(f"::error title=The review is not complete::{data(*named)}")
        used["error"] = 1
    beyond: list[Told] = []
    for one in open_by_weight(run, options.root):
        command = _COMMAND[one.finding.severity]
        used[command] = used.get(command, 0) + 1
        if used[command] > LIMIT:
            beyond.append(one)
        else:
            lines.append(_annotation(command, one))
    if beyond:
        title = f"{counted(len(beyond), 'finding')} more than GitHub annotates"
        lines += [f"::group::{title}", *(line(f"{one.place} {one.title} {one.finding.message}") for one in beyond)]
        lines.append("::endgroup::")
    lines.append(line(f"reviewer: {run.gate.result.upper()}: {'; '.join(reasons(run))}"))
    return "".join(f"{text}\n" for text in lines)


def _annotation(command: str, one: Told) -> str:
    finding, at = one.finding, one.finding.location
    properties = {"file": one.path, "line": str(at.line), "endLine": str(at.end_line)}
    if at.line == at.end_line:  # GitHub takes columns of a single line alone
        properties |= {"col": str(at.column), "endColumn": str(at.end_column)}
    properties["title"] = one.title
    spelled = ",".join(f"{name}={prop(value)}" for name, value in properties.items())
    fix = [f"Fix: {finding.fix.text}"] if finding.fix.text else []
    return f"::{command} {spelled}::{data(finding.message, *fix)}"
