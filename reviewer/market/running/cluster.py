"""Hands the tasks of a run to an existing Dask cluster, and gets every outcome back, whoever dies meanwhile."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import CancelledError
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.errors import UsageError
from reviewer.market.records import FAILED, Outcome
from reviewer.market.running.remote import perform_here
from reviewer.report.escape.terminal import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reviewer.market.running.local import Engine, Finished
    from reviewer.market.running.task import Task

_PATIENCE: Final = 60
"""Seconds to wait for a scheduler: at the start, and after it was lost."""
_RETRIES: Final = 2
"""Times that a task is begun again by the scheduler where it broke down."""
_AHEAD: Final = 2
"""Tasks for each thread of the cluster that may be under way or wait for it."""
_LEAST: Final = 4
_MOST_LOST: Final = 20
"""Times that a task may be lost."""
_MOST_BYTES: Final = 256_000_000
"""Bytes of shipped files that may be under way."""
_COUNT_AGAIN: Final = 5.0
"""Seconds after which the threads of the cluster are counted anew: workers come and go."""


def on_cluster(address: str, news: Callable[[str], None]) -> Engine:
    """Return the engine that a scheduler's address names; raises `UsageError` where Dask is not installed."""
    try:
        import distributed  # noqa: F401 - said here, before the first entry is looked at
    except ImportError as error:
        raise UsageError("--cluster needs Dask\n  pip install 'plugin-reviewer[cluster]'") from error

    _check(address)

    def engine(tasks: Iterable[Task | None]) -> Iterator[Finished]:
        news(f"connecting to the cluster at {address}")
        with _connected(address) as client:
            yield from _Flight(client, news).over(tasks)

    return engine


def _check(address: str) -> None:
    """Raise `UsageError` for what can't be the address of a scheduler, before anybody waits for one."""
    from distributed.comm import parse_address
    from distributed.comm.registry import get_backend

    try:
        protocol, place = parse_address(address, strict=True)
        get_backend(protocol)
    except ValueError:
        place = ""
    if not place:
        raise UsageError(
            f"--cluster: found {address[:80]!r}, expected the address of a Dask scheduler\n"
            "  for example: --cluster tcp://10.0.0.5:8786"
        )


def _connected(address: str) -> Any:
    from distributed import Client

    try:
        return Client(address, timeout=_PATIENCE, set_as_default=False, name="reviewer")
    except OSError as error:
        raise UsageError(f"--cluster {address}: no scheduler answered within {_PATIENCE} seconds") from error


class _Flight:
    """The tasks that are under way; each comes back once."""

    def __init__(self, client: Any, news: Callable[[str], None]) -> None:
        from distributed import as_completed

        self._client = client
        self._news = news
        self._tasks: dict[Any, Task] = {}
        self._bytes = 0
        self._lost: Counter[int] = Counter()
        """How many times each task was sent in vain, by its number."""
        self._ready = as_completed(loop=client.loop)
        self._counted = 0.0
        self._room = _LEAST

    def over(self, tasks: Iterable[Task | None]) -> Iterator[Finished]:
        """Yield every task with its outcome; more are taken only while there is room."""
        for task in tasks:
            if task is not None:
                self._send(task)
            yield from self._landed(block=self._is_full())
        while self._tasks:
            yield from self._landed(block=True)

    def _send(self, task: Task) -> None:
        if self._client.status not in ("running", "connecting"):
            raise UsageError("the scheduler of the cluster is gone; the same command goes on once it is back")
        future = self._client.submit(perform_here, task, pure=False, retries=_RETRIES)
        self._tasks[future] = task
        self._bytes += len(task.shipped or b"")
        self._ready.add(future)

    def _landed(self, *, block: bool) -> Iterator[Finished]:
        for future in self._ready.next_batch(block=block):
            task = self._tasks.pop(future)
            self._bytes -= len(task.shipped or b"")
            outcome = _broken(future) if future.status == "error" else self._outcome(future, task)
            if outcome is None:
                self._send(task)
            else:
                yield task, outcome

    def _outcome(self, future: Any, task: Task) -> Outcome | None:
        """Return what became of a task, or None where it has to be sent again.

        It may be lost with the scheduler, or with the worker that held the result.
        """
        try:
            outcome: Outcome = future.result(timeout=_PATIENCE)
        except (CancelledError, TimeoutError, OSError):
            self._lost[task.number] += 1
            if self._lost[task.number] < _MOST_LOST:
                return None
            outcome = Outcome(FAILED, f"it was lost on the cluster {_MOST_LOST} times", lasting=False)
        del self._lost[task.number]
        return outcome

    def _is_full(self) -> bool:
        if monotonic() - self._counted > _COUNT_AGAIN:
            self._count()
        return len(self._tasks) >= self._room or self._bytes > _MOST_BYTES

    def _count(self) -> None:
        """Find out how much the cluster can take at once."""
        try:
            threads = sum(self._client.nthreads().values())
        except (OSError, TimeoutError):
            return  # the scheduler is away: what is on its way there is enough
        if not threads and not self._counted:
            self._news("the cluster has no workers yet; it goes on as soon as there are")
        self._counted = monotonic()
        self._room = max(_LEAST, threads * _AHEAD)


def _broken(future: Any) -> Outcome:
    """Return the outcome of a task that a worker could not carry out; raises `UsageError` where none can."""
    from distributed import KilledWorker

    error = future.exception(timeout=_PATIENCE)
    if isinstance(error, UsageError):
        raise error
    if isinstance(error, KilledWorker):
        return Outcome(FAILED, "every worker that began to review it died", lasting=False)
    return Outcome(FAILED, shorten(f"internal error: {type(error).__name__}: {error}"), lasting=False)
