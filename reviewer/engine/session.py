"""A whole run as a face asks for it: jobs in, one result out, from the cache or from workers."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from reviewer.core.errors import NothingToReviewError, ReviewerError, UnreadableError
from reviewer.core.review import Problem, Review, ReviewRun, SubjectIdentity
from reviewer.engine.adoption.adopted import Adopted, is_plain
from reviewer.engine.judging.gate import gate
from reviewer.engine.results import Demands, Line, Reviewed, RootResult
from reviewer.engine.telling.lines import full_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.engine.job import Job
    from reviewer.engine.plan import Plan

_MOST_JOBS: Final = 8
OPENING: Final = "subject"
"""How problems name the opening of a path, which no rule stands for."""


class Outcome(Struct, frozen=True):
    """The result of a run, with the source lines at its places."""

    run: ReviewRun
    lines: dict[tuple[str, str], tuple[Line, ...]]
    skills: tuple[str, ...] = ()
    """Folders of the user's own rules that took part."""
    lasting: bool = True
    """False where a worker had to be stopped: another run may come further."""
    note: str = ""
    """What was written besides, for a person."""

    def sources(self, subject: str, path: str) -> list[str] | None:
        """Return the lines of a file that the findings of a subject need, or None where there are none."""
        lines = self.lines.get((subject, path))
        return None if lines is None else full_lines(lines)


def review(plan: Plan, jobs: Sequence[Job], keys: Sequence[str]) -> Outcome:
    """Review every job of a plan; ``keys`` has the key of each in the cache, empty for none.

    Raises `UsageError` for a wrong configuration, `NothingToReviewError` where no path holds anything.
    A path that can't be opened safely has a review that says so.
    """
    results: list[tuple[Job, RootResult]] = []
    nothing: list[NothingToReviewError] = []
    for job, result in _results(plan, jobs, keys):
        if isinstance(result, RootResult):
            results.append((job, result))
            continue
        if isinstance(result, NothingToReviewError):
            nothing.append(result)
        results.append((job, _unopened(job, result)))
    if nothing and len(nothing) == len(results):
        raise nothing[0]
    return outcome_of(plan, results)


def outcome_of(plan: Plan, results: Sequence[tuple[Job, RootResult]]) -> Outcome:
    """Return the outcome of what the paths gave, as the gate sees it."""
    adopted = _adopted(plan, results)
    reviewed = adopted.reviewed
    reviews = tuple(one.review for one in reviewed)
    digests = {result.rules_digest for _job, result in results}
    return Outcome(
        ReviewRun(
            reviews,
            gate(reviews, [one.threshold for one in reviewed], adopted.unmet, adopted.remarks),
            "+".join(sorted(digests - {""})),
        ),
        {(one.review.subject.path, path): lines for one in reviewed for path, lines in one.lines.items()},
        tuple(sorted({folder for _job, result in results for folder in result.skills})),
        lasting=not any(result.interrupted for _job, result in results),
        note=adopted.note,
    )


def _adopted(plan: Plan, results: Sequence[tuple[Job, RootResult]]) -> Adopted:
    """Return the results as the gate sees them."""
    pairs = [(job, one) for job, result in results for one in result.reviewed]
    if is_plain(plan, [job for job, _ in results]) and not any(one.demands != Demands() for _, one in pairs):
        return Adopted(tuple(one for _, one in pairs))
    from reviewer.engine.adoption.adopt import adopt

    return adopt(plan, pairs)


def _results(
    plan: Plan, jobs: Sequence[Job], keys: Sequence[str]
) -> Iterator[tuple[Job, RootResult | UnreadableError | NothingToReviewError]]:
    """Yield the result of each job, or why there is none, in order."""
    from reviewer.engine.remembering.cache import ResultCache

    cache = ResultCache()
    kept = [cache.get(key) for key in keys]
    if all(result is not None for result in kept):
        # No worker is needed, and none of what drives them is loaded.
        yield from ((job, result) for job, result in zip(jobs, kept, strict=True) if result is not None)
        return
    from reviewer.core.wire import from_wire
    from reviewer.engine.workers.abreast import answers

    missing = [job for job, known in zip(jobs, kept, strict=True) if known is None]
    with closing(answers(missing, plan.jobs or default_jobs(), plan.progress, plan.asking)) as answered:
        for job, key, known in zip(jobs, keys, kept, strict=True):
            if known is not None:
                yield job, known
                continue
            answer = next(answered)
            if isinstance(answer, ReviewerError):
                yield job, answer
                continue
            result = from_wire(RootResult, answer.data)
            if answer.stopped:
                result = replace(result, interrupted=True)
            else:
                cache.put(key, answer.data, result.skills)
            yield job, result


def default_jobs() -> int:
    """Return how many workers this machine can keep busy."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(1, min(cores, _MOST_JOBS))


def _unopened(job: Job, error: UnreadableError | NothingToReviewError) -> RootResult:
    """Return the result for a path of which nothing could be seen."""
    request = job.request
    identity = SubjectIdentity(job.name, request.kind or "plugin", request.ecosystem or "generic", "", "", "")
    message = str(error).removeprefix(f"{job.name}: ").removeprefix(f"{job.path}: ")
    problem = Review(identity, errors=(Problem(OPENING, message),))
    return RootResult((Reviewed(problem, request.fail_on or "high"),), "", interrupted=True)
