"""Reviews in a thread that only waits for the worker processes, and tells the screen how far it is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from reviewer.commands.command import Console, Invocation
from reviewer.commands.planning import plan_of
from reviewer.commands.review import options_for
from reviewer.core.errors import ReviewerError
from reviewer.engine.adoption.adopted import signoff_of
from reviewer.engine.plan import jobs_of
from reviewer.engine.remembering.dependence import key_of
from reviewer.engine.session import review
from reviewer.tui.review.index import FindingIndex
from reviewer.tui.review.messages import Failed, Progressed, Reviewed
from reviewer.tui.review.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.message import Message

CONTEXT: Final = 6
"""Source lines around a finding."""
_PAUSE: Final = 0.05
"""Seconds between two words about progress."""


class _StopError(Exception):
    """A person stopped the review."""


class Reviewing:
    """One review on its way; `run` is for a thread, `stop` for whoever has enough of it."""

    def __init__(self, arguments: Mapping[str, Any], tell: Callable[[Message], object]) -> None:
        """Take the arguments of the command ``review``, and who is to be told."""
        self._arguments = arguments
        self._tell = tell
        self._stopped = Event()
        self._files = 0
        self._path = ""
        self._rule = ""
        self._next = 0.0

    def stop(self) -> None:
        """End the review at the next file or rule."""
        self._stopped.set()

    def run(self) -> None:
        """Review, and tell the end of it unless it was stopped; never raises."""
        try:
            self._tell(Reviewed(self, self._review()))
        except _StopError:
            return
        except ReviewerError as error:
            self._tell(Failed(self, str(error)))
        except Exception as error:  # noqa: BLE001 - the application lives on, and says what happened
            self._tell(Failed(self, f"internal error: {type(error).__name__}: {error}"))

    def _review(self) -> Result:
        console = Console(unicode=True)
        plan = plan_of(Invocation(self._arguments, console))
        plan = plan._replace(progress=self._at, asking=self._asked, context=CONTEXT)
        jobs = jobs_of(plan)
        outcome = review(plan, jobs, [key_of(job) if plan.use_cache else "" for job in jobs])
        options = options_for(console, outcome)
        index = FindingIndex(outcome.run.reviews)
        if index.entries and options.rules is not None:
            options.rules(index.entries[0].finding.rule)  # loads the library here and not in the loop
        # What lives as long as the screen is nothing to look through for garbage while somebody scrolls.
        gc.freeze()
        trusted = all(not job.request.untrusted and Path(job.path).is_dir() for job in jobs)
        signoffs = tuple((job.path, signoff_of(plan, job)) for job in jobs)
        return Result(outcome, options, index, signoffs, trusted)

    def _at(self, path: str) -> None:
        self._files += 1
        self._path = path
        self._say()

    def _asked(self, rule: str) -> None:
        self._rule = rule or self._rule
        self._say()

    def _say(self) -> None:
        if self._stopped.is_set():
            raise _StopError
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _PAUSE
            self._tell(Progressed(self, self._files, self._path, self._rule))
