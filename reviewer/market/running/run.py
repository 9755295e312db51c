"""Carries out a run: goes on where one was interrupted, takes what is known, and keeps the rest as it comes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.core.errors import NothingToReviewError, UnreadableError
from reviewer.engine.session import default_jobs
from reviewer.market.lock import alone
from reviewer.market.records import REFUSED, Outcome
from reviewer.market.running.content import content_of
from reviewer.market.running.observing import Observations
from reviewer.market.running.plan import settings_of, wishes_of
from reviewer.market.running.rate import Rate
from reviewer.market.running.task import Task
from reviewer.market.sources.choose import entries_of
from reviewer.market.writing import MarketWriter
from reviewer.subject.folder import read_regular
from reviewer.subject.limits import MAX_ARCHIVE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.market.records import Entry
    from reviewer.market.running.local import Engine
    from reviewer.market.running.plan import MarketPlan
    from reviewer.market.running.task import Wishes

_TOGETHER: Final = 250
"""Results that were there already and are given to their entries in one step."""


def carry_out(plan: MarketPlan) -> int:
    """Review a market and return the id of the run; raises `UsageError` and `NothingToReviewError`.

    A run of the same sources, wishes and rules that was interrupted is gone on with.
    """
    wishes = wishes_of(plan)
    settings = settings_of(wishes)
    engine = _engine(plan)
    with alone(plan.store), MarketWriter(plan.store) as store:
        run = store.unfinished(wishes.rules, settings, plan.sources)
        if run:
            total, waiting = store.count(run)
            plan.news(f"going on with run {run}: {total - waiting:,} of {total:,} are known")
        else:
            run = store.begin(entries_of(plan.sources), wishes.rules, settings, plan.sources)
        if not run:
            raise NothingToReviewError(f"{', '.join(plan.sources)}: there is neither a folder nor an archive in it")
        course = _Course(plan, wishes, store, run)
        try:
            course.go(engine)
        except KeyboardInterrupt:
            plan.news(f"interrupted: {course.rate.text}; the same command goes on from here")
            raise
        store.finish(run)
        if plan.keep:
            store.forget_before(plan.keep)
        plan.news(f"run {run}: {course.rate.text}")
    return run


def _engine(plan: MarketPlan) -> Engine:
    if plan.cluster:
        from reviewer.market.running.cluster import on_cluster

        return on_cluster(plan.cluster, plan.news)
    from reviewer.market.running.local import locally

    return locally(plan.jobs or default_jobs())


class _Course:
    """One run on its way."""

    def __init__(self, plan: MarketPlan, wishes: Wishes, store: MarketWriter, run: int) -> None:
        self._plan = plan
        self._wishes = wishes
        self._store = store
        self._run = run
        self._under_way: dict[str, list[tuple[int, str]]] = {}
        """Keys of what is being reviewed, each with number and digest of further entries of the same content."""
        self._known: list[tuple[int, str, int]] = []
        self._observations = Observations(wishes, store, plan.news)
        total, waiting = store.count(run)
        self.rate = Rate(total, total - waiting)

    def go(self, engine: Engine) -> None:
        """Review what is waiting."""
        for task, outcome in engine(self._tasks()):
            result = self._keep(task.number, task.key, outcome)
            if result and outcome.observed:
                self._store.observe(self._observations.key(task.content), result, self._wishes.rules, outcome.observed)
            for number, digest in self._under_way.pop(task.key, ()):
                if result:
                    self._known.append((number, digest, result))
                else:
                    self._keep(number, "", replace(outcome, seconds=0.0))
        self._take()

    def _tasks(self) -> Iterator[Task | None]:
        """Yield what has to be reviewed, and None now and then where little has."""
        for place, entry in enumerate(self._store.waiting(self._run)):
            task = self._task(entry)
            if len(self._known) >= _TOGETHER:
                self._take()
            if task is not None or place % _TOGETHER == 0:
                yield task

    def _task(self, entry: Entry) -> Task | None:
        """Return the task of an entry, or None where what becomes of it is known, or soon will be."""
        path = Path(entry.path)
        try:
            content = content_of(path, entry.expected)
            key = self._wishes.key(content)
            if key in self._under_way:
                self._under_way[key].append((entry.number, content.digest))
                return None
            known = 0 if self._plan.anew else self._store.known(key)
            if known:
                self._known.append((entry.number, content.digest, known))
                return None
            shipped = _shipped(path) if self._plan.ship else None
        except UnreadableError as error:
            # One that can't be read, or is not what was promised, is no further business of anybody's.
            self._keep(entry.number, "", Outcome(REFUSED, str(error)))
            return None
        if key:
            self._under_way[key] = []
            if self._plan.anew:
                self._store.disown(key)
        earlier = None if self._plan.anew else self._observations.of(content)
        return Task(entry.number, str(path.absolute()), content, self._wishes, shipped, earlier)

    def _keep(self, number: int, key: str, outcome: Outcome) -> int:
        """Keep what became of an entry, and return its result, 0 for none."""
        result = self._store.keep(self._run, number, key, outcome)
        if result is not None:
            self.rate.reviewed(outcome.state)
            self._tell()
        return result or 0

    def _take(self) -> None:
        """Give the entries that were found known their results."""
        if self._known:
            self._store.reuse(self._run, self._known)
            self.rate.taken(len(self._known))
            self._known.clear()
            self._tell()

    def _tell(self) -> None:
        self._plan.progress(self.rate.text)


def _shipped(path: Path) -> bytes:
    """Return a file to send; raises `UnreadableError` for a folder."""
    if path.is_dir():
        raise UnreadableError("is a folder, and only files can be shipped; pack it, or let the workers see the folder")
    return read_regular(path, MAX_ARCHIVE_BYTES, path.name)
