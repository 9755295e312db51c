"""How far a run is, how fast it goes, and how long it will take."""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Final

from reviewer.market.records import DONE, EMPTY

if TYPE_CHECKING:
    from collections.abc import Callable

_RECENT: Final = 60.0
"""Seconds that the present speed is taken from."""
_APART: Final = 0.5
"""Seconds between two looks at it."""


class Rate:
    """Counts what is done; `text` says it in one line."""

    def __init__(self, total: int, already: int, clock: Callable[[], float] = monotonic) -> None:
        """Take how many entries the run has, and how many of them were known when it went on."""
        self.total = total
        self.known = already
        self.reused = 0
        self.failed = 0
        self._clock = clock
        self._looks: deque[tuple[float, int]] = deque([(clock(), already)])
        """Moments, and how many entries were known then."""

    def reviewed(self, state: str) -> None:
        """Count an entry that was reviewed just now."""
        self.failed += state not in (DONE, EMPTY)
        self._count(1)

    def taken(self, count: int) -> None:
        """Count entries whose result was there already."""
        self.reused += count
        self._count(count)

    def _count(self, more: int) -> None:
        self.known += more
        now = self._clock()
        if now - self._looks[-1][0] >= _APART:
            self._looks.append((now, self.known))
        while len(self._looks) > 2 and now - self._looks[0][0] > _RECENT:
            self._looks.popleft()

    @property
    def a_second(self) -> float:
        """Entries that become known in a second, at present: as new and unchanged ones come mixed."""
        then, known = self._looks[0]
        passed = self._clock() - then
        return (self.known - known) / passed if passed > 0 else 0.0

    @property
    def text(self) -> str:
        """Say how far it is: ``1,200 of 60,000, 11.3 a second, 1 h 27 min left, 3 failed``."""
        parts = [f"{self.known:,} of {self.total:,}"]
        speed, left = self.a_second, self.total - self.known
        if speed:
            parts.append(f"{speed:,.1f} a second")
        if speed and left:
            parts.append(f"{duration(left / speed)} left")
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
