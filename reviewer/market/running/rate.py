"""How far a run is, how fast it goes, and how long it will take."""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Final

from reviewer.market.records import DONE, EMPTY

if TYPE_CHECKING:
    from collections.abc import Callable

_RECENT: Final = 500
"""Entries that the present speed is taken from."""


class Rate:
    """Counts what is done; `text` says it in one line."""

    def __init__(self, total: int, already: int, clock: Callable[[], float] = monotonic) -> None:
        """Take how many entries the run has, and how many of them were known when it went on."""
        self.total = total
        self.known = already
        self.reused = 0
        self.failed = 0
        self._clock = clock
        self._times: deque[float] = deque([clock()], maxlen=_RECENT)

    def reviewed(self, state: str) -> None:
        """Count an entry that was reviewed just now."""
        self.known += 1
        self.failed += state not in (DONE, EMPTY)
        self._times.append(self._clock())

    def taken(self, count: int) -> None:
        """Count entries whose result was there already."""
        self.known += count
        self.reused += count

    @property
    def a_second(self) -> float:
        """Entries that are reviewed in a second, at present."""
        passed = self._clock() - self._times[0]
        return (len(self._times) - 1) / passed if passed > 0 else 0.0

    @property
    def text(self) -> str:
        """Say how far it is: ``1,200 of 60,000, 11.3 a second, 1 h 27 min left, 3 failed``."""
        parts = [f"{self.known:,} of {self.total:,}"]
        speed = self.a_second
        if speed:
            parts.append(f"{speed:.1f} a second")
            parts.append(f"{duration((self.total - self.known) / speed)} left")
        if self.reused:
            parts.append(f"{self.reused:,} unchanged")
        if self.failed:
            parts.append(f"{self.failed:,} failed")
        return ", ".join(parts)


def duration(seconds: float) -> str:
    """Write a stretch of time as a person says it."""
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"
