"""What a worker does: it waits for a path, reviews it, and says before each step where it is."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from reviewer.core.errors import ReviewerError
from reviewer.core.wire import from_wire, to_wire
from reviewer.engine.job import Job
from reviewer.engine.results import FileResult, KnownFile
from reviewer.engine.workers import limits
from reviewer.engine.workers.frames import receive, send
from reviewer.engine.workers.shares import share, worth_sharing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.engine.looking.unit import Unit
    from reviewer.engine.root_review import RootReview
    from reviewer.subject.model import Entry

_OPENING_CPU: Final = 60.0
"""Seconds of processor time for opening a path and for judging what was found."""
_CPU_PER_MEGABYTE: Final = 3.0
"""Seconds more for a file by its size, and for a check of a whole subject by that of its source."""
_COMPARED: Final = 3
"""How many times the size counts where an earlier version is read besides: it may be larger."""


class _Teller:
    """Tells the parent where the work is, and starts the clock for each step anew."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._last = ""
        self._rule = ""
        self.whole_cpu = limits.FILE_CPU
        self.entries: Mapping[str, Entry] = {}
        """The files of the path, once it is open."""

    def at(self, path: str) -> None:
        """Say which file comes next."""
        limits.allow_cpu(self.whole_cpu if self._rule else self._file_cpu(path))
        if path != self._last:
            self._last = path
            send(self._pipe, "at", path)

    def _file_cpu(self, path: str) -> float:
        megabytes = self.entries[path].size / 1_000_000 if path in self.entries else 0
        return limits.FILE_CPU + _CPU_PER_MEGABYTE * min(1.0, megabytes)

    def during(self, rule: str) -> None:
        """Say which check of the whole subject comes next."""
        self._rule = rule
        self._last = ""
        limits.allow_cpu(self.whole_cpu if rule else _OPENING_CPU)
        send(self._pipe, "during", rule)


def main() -> None:
    """Serve until the parent closes the pipe; never returns."""
    pipe_in, pipe_out = 0, _private_output()
    limits.bind()
    gc.disable()
    served = False
    try:
        while (message := receive(pipe_in)) is not None:
            if message[0] == "job":
                if served:
                    gc.collect()  # what the job before left; a process that ends needs no cleaning
                _serve(pipe_in, pipe_out, message[1:])
                served = True
    except MemoryError:
        os._exit(limits.OUT_OF_MEMORY)
    os._exit(0)  # nothing is left to flush, and tearing down the trees takes time


def _private_output() -> int:
    """Keep the pipe to the parent for frames alone: whatever prints, prints to nowhere."""
    pipe = os.dup(1)
    os.set_inheritable(pipe, False)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    sys.stdout = sys.stderr
    return pipe


def _serve(pipe_in: int, pipe_out: int, message: list[Any]) -> None:
    """Answer one job with ``done``, ``told``, ``refused`` or ``fault``."""
    limits.die_with(pipe_in, armed=True)
    answer: tuple[Any, ...]
    try:
        answer = _review(pipe_in, pipe_out, message)
    except ReviewerError as error:
        answer = ("refused", int(error.code), str(error))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the process that asked tells the person
        from reviewer.engine.looking.looker import describe

        answer = ("fault", describe(error))
    # Before the answer, because the parent may send the next job as soon as it has it.
    limits.allow_cpu(0)
    limits.die_with(pipe_in, armed=False)
    send(pipe_out, *answer)


def _review(pipe_in: int, pipe_out: int, message: list[Any]) -> tuple[Any, ...]:
    """Return the answer to a job."""
    from reviewer.engine.looking.reading import KEPT_ALONE
    from reviewer.engine.root_review import RootReview

    job = from_wire(Job, message[0])
    lane, lanes = int(message[1]), int(message[2])
    teller = _Teller(pipe_out)
    limits.allow_cpu(_OPENING_CPU * limits.time_factor())
    if job.purpose == "changes":
        from reviewer.engine.adoption.changes import changes

        return "told", [changes(job)]
    if job.purpose == "entries":
        from reviewer.engine.telling.listed import listed

        return "told", listed(job)
    review = RootReview(job, teller, gc.freeze)
    if job.purpose != "review":
        from reviewer.engine.telling.settings import tell

        return "told", tell(review)
    teller.entries = review.root.entries
    results: dict[tuple[int, str], FileResult] = {}
    _recall(review, message[3], results)
    if job.hurried:
        review.leave_out(results)
    units = review.units
    size = sum(unit.size for unit in units)
    megabytes = size * (_COMPARED if job.request.against else 1) / 1_000_000
    teller.whole_cpu = limits.FILE_CPU + _CPU_PER_MEGABYTE * megabytes
    if not lanes and worth_sharing(units):
        lane, lanes = _ask(pipe_in, pipe_out, "large", size)[:2]
    if lanes <= 1:
        review.keep(KEPT_ALONE)
    mine = share(units, lane, max(lanes, 1))
    _look(review, mine, results, pipe_out)
    if lanes > 1:
        others, refused = _ask(pipe_in, pipe_out, "shared")
        for path, reason in refused.items():
            review.refuse(path, reason)
        review.keep(KEPT_ALONE)  # the others have ended
        _recall(review, others, results)
        _look(review, units, results, pipe_out)
    teller.during("")
    return "done", to_wire(review.finish(results))


def _look(review: RootReview, units: list[Unit], results: dict[tuple[int, str], FileResult], pipe_out: int) -> None:
    """Look at the files that are not known yet, and tell the parent what each gave."""
    for unit in units:
        key = (unit.subject, unit.path)
        if key in results:
            continue
        result = review.look(*key)
        send(pipe_out, "file", to_wire(KnownFile(unit.subject, result)))
        results[key] = replace(result, drawn=None)  # this process has the facts themselves


def _recall(review: RootReview, known: list[Any], results: dict[tuple[int, str], FileResult]) -> None:
    """Add what is known of files already."""
    for item in known:
        one = from_wire(KnownFile, item)
        results[one.subject, one.result.path] = review.recall(one)


def _ask(pipe_in: int, pipe_out: int, *question: Any) -> list[Any]:
    """Ask the parent and wait for the answer, without a clock running."""
    limits.allow_cpu(0)
    limits.die_with(pipe_in, armed=False)
    send(pipe_out, *question)
    answer = receive(pipe_in)
    if answer is None:
        os._exit(0)
    limits.die_with(pipe_in, armed=True)
    limits.allow_cpu(_OPENING_CPU)
    return answer[1:]
