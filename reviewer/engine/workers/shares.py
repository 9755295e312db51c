"""Divides the source files of a large path among workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reviewer.engine.unit import Unit

LARGE: Final = 3_000_000
"""Bytes of source from which a second worker is worth its start."""


def share(units: list[Unit], lane: int, lanes: int) -> list[Unit]:
    """Return the part of one of ``lanes`` workers, in order: about equal in bytes, the same on every run."""
    if lanes == 1:
        return units
    loads = [0] * lanes
    mine: set[tuple[int, str]] = set()
    for unit in sorted(units, key=lambda unit: (-unit.size, unit.subject, unit.path)):
        lightest = loads.index(min(loads))
        loads[lightest] += unit.size
        if lightest == lane:
            mine.add((unit.subject, unit.path))
    return [unit for unit in units if (unit.subject, unit.path) in mine]
