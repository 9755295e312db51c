"""Drives workers through paths, and around the files that they can't survive."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Final, Self, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from reviewer.core.errors import NothingToReviewError, ReviewerError, UnreadableError, UsageError
from reviewer.core.wire import to_wire
from reviewer.engine.job import Job
from reviewer.engine.workers.lane import Lane, reason
from reviewer.engine.workers.limits import time_factor
from reviewer.engine.workers.process import Inbox, WorkerProcess

MOST_STOPS: Final = 8
"""Workers that one path may cost; then only what is known already is judged."""
WHOLE: Final = 300.0
"""Seconds that one path may take before it is hurried to its end."""
WORKING_LIFE: Final = 60.0
"""Seconds of work after which a worker makes room for a fresh one: its limits are for its whole life."""
_LOOK: Final = 0.5
"""Seconds between two looks at the clock."""
_ERRORS: Final = {int(kind.code): kind for kind in (UsageError, NothingToReviewError, UnreadableError)}


class AbandonedError(Exception):
    """Nobody waits for the answer any more."""


class InternalError(Exception):
    """This program failed, not the subject: a worker said so, or could not even start."""


class StoppedError(UnreadableError):
    """The worker had to be ended, or ended by itself, before anything could be known of the path."""


Progress: TypeAlias = Callable[[str], None]
"""Is told the path of each file, in the root, before it is looked at."""


class Answer(Struct, frozen=True):
    """What became of a job."""

    name: str
    """``done`` or ``told``."""
    data: Any
    stopped: bool
    """True where a worker had to be stopped: another run may come further."""


class Conductor:
    """Reviews paths one after the other with workers that it keeps."""

    def __init__(
        self, jobs: int, progress: Progress = lambda _path: None, asking: Progress = lambda _rule: None
    ) -> None:
        """Take the most workers that may run at once, and who is to hear of each file and of each rule on the whole."""
        self.jobs = max(1, jobs)
        self.progress = progress
        self.asking = asking
        self.inbox: Inbox = SimpleQueue()
        self.abandoned = False
        self._idle: WorkerProcess | None = None
        self._used = 0.0

    def abandon(self) -> None:
        """Let a job that is under way in another thread end at once, with `AbandonedError`."""
        self.abandoned = True

    def __enter__(self) -> Self:
        """Start nothing yet: a worker is started when there is work."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End the worker that was kept for a next path."""
        if self._idle is not None:
            self._idle.end()
            self._idle = None

    def run(self, job: Job) -> Answer:
        """Return what the workers answer.

        Raises the `ReviewerError` that a worker met, or `InternalError`.
        """
        task = _Task(self, job)
        begun = monotonic()
        try:
            return task.run()
        finally:
            self._idle = task.leave()
            self._used += monotonic() - begun

    def worker(self) -> WorkerProcess:
        """Return a worker that waits for work."""
        kept, self._idle = self._idle, None
        if kept is not None and self._used > WORKING_LIFE * time_factor():
            kept.end()
            kept = None
        if kept is None:
            self._used = 0.0
            kept = WorkerProcess(self.inbox)
        return kept


class _Task(Struct):
    """One path on its way."""

    conductor: Conductor
    job: Job
    lanes: list[Lane] = field(default_factory=list)
    lane_count: int = 0
    """0 until the main worker has said whether the path is large."""
    files: dict[tuple[int, str], Any] = field(default_factory=dict)
    """What each source file gave, as it came through the pipe."""
    holders: dict[tuple[int, str], int] = field(default_factory=dict)
    """The lane that each came from."""
    stops: int = 0
    until: float = 0.0
    settled: bool = False
    """True once the main worker waits for nothing."""

    def run(self) -> Answer:
        """Drive the path to its end."""
        self.until = monotonic() + WHOLE * time_factor()
        self._start(0)
        while True:
            if self.conductor.abandoned:
                raise AbandonedError(self.job.name)
            try:
                worker, message = self.conductor.inbox.get(timeout=_LOOK)
            except Empty:
                self._look_at_clocks()
                continue
            lane = next((lane for lane in self.lanes if lane.worker is worker), None)
            if lane is None:
                continue  # the last words of a worker that was stopped
            answer = self._take(lane, message)
            if answer is not None:
                return Answer(*answer, stopped=self.stops > 0)

    def leave(self) -> WorkerProcess | None:
        """End all workers but one that is ready for the next path, and return that."""
        kept: WorkerProcess | None = None
        for lane in self.lanes:
            if lane.number == 0 and self.settled:
                kept = lane.worker
            else:
                lane.worker.end()
        return kept

    def _start(self, number: int) -> None:
        worker = WorkerProcess(self.conductor.inbox) if number else self.conductor.worker()
        lane = Lane(number, worker)
        self.lanes.append(lane)
        self._give(lane)

    def _give(self, lane: Lane) -> None:
        """Hand a lane its job, with all that is known already."""
        known = [data for key, data in self.files.items() if lane.number == 0 or self.holders[key] == lane.number]
        lane.worker.tell("job", to_wire(self.job), lane.number, self.lane_count, known)

    def _take(self, lane: Lane, message: list[Any] | None) -> tuple[str, Any] | None:
        """Take in one message; return the answer where it is one."""
        if message is None:
            self._stopped(lane, silent=False)
            return None
        lane.heard = monotonic()
        name, *content = message
        if name == "at":
            lane.at(str(content[0]))
            self.conductor.progress(lane.path)
        elif name == "during":
            lane.during(str(content[0]))
            self.conductor.asking(lane.rule)
        elif name == "file":
            data = content[0]
            key = (int(data["subject"]), str(data["result"]["path"]))
            self.files[key] = data
            self.holders[key] = lane.number
        elif name == "large":
            self._divide(lane)
        elif name == "shared":
            lane.asked = True
            lane.at("")
            self._bring_together()
        elif name in ("done", "told"):
            self.settled = True
            return name, content[0]
        elif name == "refused":
            self.settled = lane.number == 0
            raise _ERRORS.get(content[0], ReviewerError)(str(content[1]))
        else:
            raise InternalError(str(content[0]) if content else f"a worker said {name!r}")
        return None

    def _divide(self, main: Lane) -> None:
        """Start the helpers of a large path, once."""
        if not self.lane_count:
            self.lane_count = 1 if self.job.hurried else self.conductor.jobs
            for number in range(1, self.lane_count):
                self._start(number)
        main.worker.tell("shard", 0, self.lane_count)

    def _bring_together(self) -> None:
        """Once every lane is through its share, let the main worker go on with all of it."""
        if not all(lane.asked for lane in self.lanes):
            return
        main = self.lanes[0]
        for helper in self.lanes[1:]:
            helper.worker.end()
        self.lanes = [main]
        others = [data for key, data in self.files.items() if self.holders[key] != 0]
        main.asked = False
        main.worker.tell("rest", others, self.job.refused)

    def _look_at_clocks(self) -> None:
        for lane in list(self.lanes):
            if lane.overdue:
                self._stopped(lane, silent=True)
        if monotonic() > self.until:
            if self.job.hurried:
                raise StoppedError(f"{self.job.name}: the review took longer than a review may take")
            self._hurry()

    def _stopped(self, lane: Lane, *, silent: bool) -> None:
        """Go on after the end of a worker, without what ended it."""
        status = lane.worker.end(ended=not silent)
        why = reason(status, silent=silent)
        kind, name = lane.blame()
        self.stops += 1
        if kind == "path" or self.job.hurried:
            raise StoppedError(f"{self.job.name}: {why}")
        if kind == "file":
            self.job = replace(self.job, refused={**self.job.refused, name: why})
        else:
            self.job = replace(self.job, silenced={**self.job.silenced, name: why})
        if self.stops >= MOST_STOPS:
            self._hurry()
            return
        lane.replace(WorkerProcess(self.conductor.inbox))
        self._give(lane)

    def _hurry(self) -> None:
        """Judge what is known already, and leave the rest out."""
        for lane in self.lanes:
            lane.worker.end()
        self.lanes = []
        self.lane_count = 1
        self.job = replace(self.job, hurried=True)
        self.until = monotonic() + WHOLE * time_factor()
        self.stops += 1
        self._start(0)
