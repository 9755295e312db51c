"""One worker's part of a path: where it is, what it has done, and what is to blame if it ends."""

from __future__ import annotations

from time import monotonic
from typing import Final

from msgspec import Struct, field

from reviewer.engine.workers.limits import death, time_factor
from reviewer.engine.workers.process import WorkerProcess

SILENCE: Final = 45.0
"""Seconds without a word after which a worker is stopped.

Far more than the processor time that a step may take: this clock is for a worker that
waits for something, and for systems without limits of their own.
"""


class Lane(Struct):
    """A worker on its share; another worker takes the lane over where one had to be stopped."""

    number: int
    worker: WorkerProcess
    path: str = ""
    rule: str = ""
    passed: set[str] = field(default_factory=set)
    """Files that were read without harm."""
    asked: bool = False
    """True while it waits for the other lanes."""
    heard: float = field(default_factory=monotonic)

    def at(self, path: str) -> None:
        """The worker comes to a file, so the one before did no harm."""
        if self.path:
            self.passed.add(self.path)
        self.path = path

    def during(self, rule: str) -> None:
        """The worker comes to a check of the whole subject."""
        self.at("")
        self.rule = rule

    @property
    def overdue(self) -> bool:
        """Tell whether the worker has been silent for too long."""
        return not self.asked and monotonic() - self.heard > SILENCE * time_factor()

    def blame(self) -> tuple[str, str]:
        """Return what was being done: ("file", path), ("rule", id) or ("path", "") for the opening."""
        if self.path and not (self.rule and self.path in self.passed):
            return "file", self.path
        if self.rule:
            return "rule", self.rule
        return "path", ""

    def replace(self, worker: WorkerProcess) -> None:
        """Go on with another worker from the start of the lane."""
        self.worker = worker
        self.path = self.rule = ""
        self.asked = False
        self.heard = monotonic()


def reason(status: int, *, silent: bool) -> str:
    """Say why a worker's work was stopped."""
    if silent:
        return f"analysis was stopped: nothing was heard for {SILENCE:.0f} s"
    return f"analysis was stopped: {death(status)}"
