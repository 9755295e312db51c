"""Marks findings on lines that have not changed since a revision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reviewer.core.finding import Suppression
from reviewer.engine.adoption.changes import touches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.core.finding import Finding
    from reviewer.engine.job import Job
    from reviewer.engine.plan import Plan
    from reviewer.engine.results import Reviewed


def unchanged(plan: Plan, jobs: Sequence[Job], reviewed: Sequence[Reviewed]) -> list[Reviewed]:
    """Return the results with every finding marked that has no changed line.

    Raises `UsageError` for a revision that there is none of, `UnreadableError` for a damaged history.
    """
    from reviewer.engine.workers.told import told

    since = plan.adoption.since
    asked = list(dict.fromkeys(job.path for job in jobs))
    first = {job.path: replace(job, since=since) for job in reversed(jobs)}
    answers = told([first[path] for path in asked], "changes")
    changes = dict(zip(asked, answers, strict=True))
    return [_marked(one, job, changes[job.path], since) for job, one in zip(jobs, reviewed, strict=True)]


def _marked(one: Reviewed, job: Job, changes: dict[str, list[list[int]]], since: str) -> Reviewed:
    base = _base(one.review.subject.path, job)

    def mark(finding: Finding) -> Finding:
        place = finding.location
        ranges = [(first, last) for first, last in changes.get(f"{base}{place.path}", ())]
        if finding.suppressed is not None or touches(ranges, place.line, place.end_line):
            return finding
        reason = f"no line of it has changed since {since}"
        return replace(finding, suppressed=Suppression("unchanged", reason, place.path, place.line))

    return replace(one, review=replace(one.review, findings=tuple(mark(one) for one in one.review.findings)))


def _base(subject: str, job: Job) -> str:
    """Return the folder of a subject in its root, with a slash behind it; empty for the root itself."""
    if not Path(job.path).is_dir() or subject == job.name:
        return ""
    below = subject.removeprefix(job.name.rstrip("/")).strip("/")
    return f"{below}/" if below else ""
