"""Runs the jobs of many paths, several at once, and hands back their answers in order."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import NothingToReviewError, UnreadableError
from reviewer.engine.workers.conduct import Answer, Conductor

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from concurrent.futures import Future

    from reviewer.engine.job import Job
    from reviewer.engine.workers.conduct import Progress

_AHEAD: Final = 4
"""Jobs for each conductor that may be under way or wait to be handed back: a slow one holds back so many results."""

Answered = Answer | UnreadableError | NothingToReviewError
"""What became of a path: an answer, or why there is none."""


def answers(jobs: Sequence[Job], workers: int, progress: Progress, asking: Progress) -> Generator[Answered]:
    """Yield what became of each job, in their order; at most ``workers`` processes at a time.

    A single path may have all workers to itself; of many, each has one.
    Raises what `Conductor.run` raises for a mistake of the person or of this program, and ends every worker.
    """
    if len(jobs) < 2 or workers < 2:
        with Conductor(workers, progress, asking) as conductor:
            yield from (_answered(job, conductor) for job in jobs)
        return
    from reviewer.engine.workers.crew import Crew

    abreast = min(len(jobs), workers)
    pending: deque[Future[Answered]] = deque()
    with Crew(abreast, max(1, workers // abreast), progress, asking) as crew:
        for job in jobs:
            pending.append(crew.submit(partial(_answered, job)))
            if len(pending) >= abreast * _AHEAD:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _answered(job: Job, conductor: Conductor) -> Answered:
    """Return the answer to one job, or why it could not be opened."""
    try:
        return conductor.run(job)
    except (UnreadableError, NothingToReviewError) as error:
        return error
