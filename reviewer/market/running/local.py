"""Reviews the tasks of a run on this machine, several at once."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, wait
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from reviewer.engine.workers.crew import Crew
from reviewer.market.running.task import perform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from reviewer.market.records import Outcome
    from reviewer.market.running.task import Task

Finished: TypeAlias = "tuple[Task, Outcome]"
Engine: TypeAlias = "Callable[[Iterable[Task | None]], Iterator[Finished]]"
"""Takes tasks as it has room for them, and hands back each with its outcome as soon as it is there, in any order.

In place of a task it may be given None, which asks it to hand back what is ready by now.
"""

_AHEAD: Final = 2
"""Tasks for each worker that may be under way or wait for it."""


def locally(jobs: int) -> Engine:
    """Return the engine of this machine with so many worker processes."""

    def engine(tasks: Iterable[Task | None]) -> Iterator[Finished]:
        pending: dict[Future[Outcome], Task] = {}
        with Crew(jobs) as crew:
            for task in tasks:
                if task is not None:
                    pending[crew.submit(partial(perform, task))] = task
                yield from _ready(pending, block=len(pending) >= jobs * _AHEAD)
            while pending:
                yield from _ready(pending, block=True)

    return engine


def _ready(pending: dict[Future[Outcome], Task], *, block: bool) -> Iterator[Finished]:
    """Yield what is there by now; with ``block`` wait for the first."""
    done, _ = wait(pending, timeout=None if block else 0, return_when=FIRST_COMPLETED)
    for future in done:
        yield pending.pop(future), future.result()
