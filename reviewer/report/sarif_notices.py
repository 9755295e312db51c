"""What went wrong in a run, as SARIF notifications: a gap must not look like a clean result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewer.report.escape.sarif import message
from reviewer.report.sarif_places import Places
from reviewer.report.verdict import counted

if TYPE_CHECKING:
    from reviewer.core.review import Problem, Review, ReviewRun, Skipped
    from reviewer.report.options import RenderOptions

_NOTICE_LIMIT = 1_000
"""Notifications of a kind; the rest is counted."""


def notifications(run: ReviewRun, options: RenderOptions, results: int, related: int) -> dict[str, Any]:
    """Return the notifications of an invocation: about its execution, and about its configuration.

    ``results`` and ``related`` are the numbers of results and of related places that were left out.
    """
    execution: list[dict[str, Any]] = []
    configuration: list[dict[str, Any]] = []
    for review in run.reviews:
        places = Places(review, None, options.root)
        execution += [_problem(problem, places) for problem in review.errors]
        execution += [_skipped(file, places) for file in review.coverage.skipped if file.matters]
        configuration += [_ignored(review, text) for text in review.ignored]
    execution = _limited(execution)
    for identity, number, what in (
        ("results-left-out", results, "result"),
        ("related-places-left-out", related, "related place"),
    ):
        if number:
            text = f"{counted(number, what)} left out, so that the log stays within the limits of its readers"
            execution.append(_notice(identity, "warning", text))
    return {
        "toolExecutionNotifications": execution,
        "toolConfigurationNotifications": _limited(configuration),
    }


def _limited(notices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    left = len(notices) - _NOTICE_LIMIT
    if left <= 0:
        return notices
    rest = _notice("notifications-left-out", "warning", f"{counted(left, 'notification')} left out")
    return [*notices[:_NOTICE_LIMIT], rest]


def _notice(identity: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": identity}, "level": level, "message": {"text": message(text) or identity}}


def _problem(problem: Problem, places: Places) -> dict[str, Any]:
    notice = _notice("check-failed", "error", problem.message)
    if problem.rule:
        notice["associatedRule"] = {"id": problem.rule}
    if problem.path:
        notice["locations"] = [_file(problem.path, places)]
    return notice


def _skipped(file: Skipped, places: Places) -> dict[str, Any]:
    notice = _notice("file-not-analysed", "error", f"{file.path}: {file.reason}")
    notice["locations"] = [_file(file.path, places)]
    return notice


def _ignored(review: Review, text: str) -> dict[str, Any]:
    return _notice("not-honoured", "note", f"{review.subject.path}: {text}")


def _file(path: str, places: Places) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": places.artifact(path)}}
