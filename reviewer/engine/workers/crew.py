"""Several conductors side by side: each piece of work has one to itself."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self, TypeVar

from reviewer.engine.workers.conduct import Conductor

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from reviewer.engine.workers.conduct import Progress

_T = TypeVar("_T")


def _quiet(_what: str) -> None:
    """Tell nobody."""


class Crew:
    """Conductors that wait for work; leaving the context ends all of them, and what is under way."""

    def __init__(self, abreast: int, share: int = 1, progress: Progress = _quiet, asking: Progress = _quiet) -> None:
        """Take how many conductors there are, how many workers each may use, and who hears of their progress."""
        self._ending = ExitStack()
        self._idle: SimpleQueue[Conductor] = SimpleQueue()
        lock = threading.Lock()

        def in_turn(tell: Progress) -> Progress:
            def told(what: str) -> None:
                with lock:
                    tell(what)

            return told

        conductors = [Conductor(share, in_turn(progress), in_turn(asking)) for _ in range(abreast)]
        self._pool = ThreadPoolExecutor(abreast)
        for conductor in conductors:
            self._ending.enter_context(conductor)
            self._idle.put(conductor)
        # Backwards: what is under way is told to end, then waited for, then its workers go.
        self._ending.callback(self._pool.shutdown, cancel_futures=True)
        for conductor in conductors:
            self._ending.callback(conductor.abandon)

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """End what is under way, and every worker."""
        self._ending.close()

    def submit(self, work: Callable[[Conductor], _T]) -> Future[_T]:
        """Hand in a piece of work; it waits until a conductor is free."""
        return self._pool.submit(self._with_conductor, work)

    def _with_conductor(self, work: Callable[[Conductor], _T]) -> _T:
        conductor = self._idle.get()
        try:
            return work(conductor)
        finally:
            self._idle.put(conductor)
