"""A whole run as a face asks for it: paths in, one result out, from the cache or from workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from reviewer.core.errors import NothingToReview, Unreadable, UsageError
from reviewer.core.review import Problem, Review, ReviewRun, SubjectIdentity
from reviewer.engine.configuration_file import configuration_files, named_configuration
from reviewer.engine.gate import gate
from reviewer.engine.job import Job
from reviewer.engine.lines import full_lines
from reviewer.engine.request import Request
from reviewer.engine.results import Line, RootResult

_MOST_JOBS: Final = 8
OPENING: Final = "subject"
"""How problems name the opening of a path, which no rule stands for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to review, and how; nothing of it but `request` changes a result."""

    paths: tuple[str, ...]
    request: Request
    configuration: str = ""
    """A configuration file that a person named; empty to look for the nearest."""
    jobs: int = 0
    """The most workers at once; 0 for as many as there are cores."""
    use_cache: bool = True
    progress: Callable[[str], None] = field(default=lambda _path: None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a run, with the source lines at its places."""

    run: ReviewRun
    lines: dict[tuple[str, str], tuple[Line, ...]]
    skills: tuple[str, ...] = ()
    """Folders of the user's own rules that took part."""

    def sources(self, subject: str, path: str) -> list[str] | None:
        """Return the lines of a file that the findings of a subject need, or None where there are none."""
        lines = self.lines.get((subject, path))
        return None if lines is None else full_lines(lines)


def review(plan: Plan) -> Outcome:
    """Review every path of a plan.

    Raises `UsageError` for a wrong path or configuration, `NothingToReview` where no path holds
    anything. A path that can't be opened safely has a review that says so.
    """
    results: list[RootResult] = []
    nothing: list[NothingToReview] = []
    for job, result in _results(list(jobs_of(plan)), plan):
        if isinstance(result, RootResult):
            results.append(result)
            continue
        if isinstance(result, NothingToReview):
            nothing.append(result)
        results.append(_unopened(job, result))
    if nothing and len(nothing) == len(results):
        raise nothing[0]
    reviewed = [one for result in results for one in result.reviewed]
    reviews = tuple(one.review for one in reviewed)
    lines = {(one.review.subject.path, path): lines for one in reviewed for path, lines in one.lines.items()}
    digests = sorted({result.rules_digest for result in results if result.rules_digest})
    verdict = gate(reviews, [one.threshold for one in reviewed])
    skills = tuple(sorted({folder for result in results for folder in result.skills}))
    return Outcome(ReviewRun(reviews, verdict, "+".join(digests)), lines, skills)


def told(plan: Plan, purpose: str) -> list[dict[str, Any]]:
    """Return what ``settings`` or ``files`` says of every path, instead of reviewing it."""
    from reviewer.engine.workers.conduct import Conductor

    answers: list[dict[str, Any]] = []
    with Conductor(1) as conductor:
        for job in jobs_of(plan):
            answers += conductor.run(replace(job, purpose=purpose)).data
    return answers


def jobs_of(plan: Plan) -> Iterator[Job]:
    """Yield a job for each path, each once; raises `UsageError` for one that does not exist."""
    for name in dict.fromkeys(plan.paths):
        path = Path(name)
        if not os.path.lexists(path):
            raise UsageError(f"{name}: there is no such file or folder")
    for name in dict.fromkeys(plan.paths):
        path = Path(name)
        if plan.configuration:
            files: tuple[Any, ...] = (named_configuration(plan.configuration, path),)
        else:
            files = configuration_files(path)
        yield Job(str(path.absolute()), name, plan.request, files)


def _results(jobs: Sequence[Job], plan: Plan) -> Iterator[tuple[Job, RootResult | Unreadable | NothingToReview]]:
    """Yield the result of each job, or why there is none, in order."""
    cache = None
    if plan.use_cache:
        from reviewer.engine.cache import ResultCache

        cache = ResultCache()
    keys = [cache.key(job) if cache is not None else "" for job in jobs]
    kept = [cache.get(key) if cache is not None else None for key in keys]
    if all(result is not None for result in kept):
        # No worker is needed, and none of what drives them is loaded.
        yield from ((job, result) for job, result in zip(jobs, kept, strict=True) if result is not None)
        return
    from reviewer.core.wire import from_wire
    from reviewer.engine.workers.conduct import Conductor

    with Conductor(plan.jobs or default_jobs(), plan.progress) as conductor:
        for job, key, known in zip(jobs, keys, kept, strict=True):
            if known is not None:
                yield job, known
                continue
            try:
                answer = conductor.run(job)
            except (Unreadable, NothingToReview) as error:
                yield job, error
                continue
            result = from_wire(RootResult, answer.data)
            if cache is not None and not answer.stopped:
                cache.put(key, answer.data, result.skills)
            yield job, result


def default_jobs() -> int:
    """Return how many workers this machine can keep busy."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(1, min(cores, _MOST_JOBS))


def _unopened(job: Job, error: Unreadable | NothingToReview) -> RootResult:
    """Return the result for a path of which nothing could be seen."""
    from reviewer.engine.results import Reviewed

    request = job.request
    identity = SubjectIdentity(job.name, request.kind or "plugin", request.ecosystem or "generic", "", "", "")
    message = str(error).removeprefix(f"{job.name}: ")
    review = Review(identity, errors=(Problem(OPENING, message),))
    return RootResult((Reviewed(review, request.fail_on or "high"),), "")
