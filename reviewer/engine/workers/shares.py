"""Divides the source files of a large path among workers, where that gains more than it costs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reviewer.engine.looking.unit import Unit

LARGE: Final = 3_200_000
"""Bytes of source up to which one worker keeps the modules of all files, and needs no help."""
LARGE_SUBJECT: Final = 12_000_000
"""Bytes of source from which a second worker is worth its start for one subject: its files ask for each other."""
_MOST: Final = 2 / 3
"""The part of a path that is no more than one of several subjects."""


def worth_sharing(units: list[Unit]) -> bool:
    """Tell whether two workers are sooner done than one: of files that ask for each other, both would parse most."""
    whole = sum(unit.size for unit in units)
    return whole > LARGE_SUBJECT or (whole > LARGE and _is_of_several(units))


def share(units: list[Unit], lane: int, lanes: int) -> list[Unit]:
    """Return the part of one of ``lanes`` workers, in order: about equal in bytes, the same on every run.

    A subject stays whole, unless nearly everything is one.
    """
    if lanes == 1:
        return units
    pieces: Counter[tuple[int, str]] = Counter()
    whole = _is_of_several(units)
    for unit in units:
        pieces[unit.subject, "" if whole else unit.path] += unit.size
    loads = [0] * lanes
    mine: set[tuple[int, str]] = set()
    for piece, size in sorted(pieces.items(), key=lambda one: (-one[1], one[0])):
        lightest = loads.index(min(loads))
        loads[lightest] += size
        if lightest == lane:
            mine.add(piece)
    return [unit for unit in units if (unit.subject, "" if whole else unit.path) in mine]


def _is_of_several(units: list[Unit]) -> bool:
    sizes: Counter[int] = Counter()
    for unit in units:
        sizes[unit.subject] += unit.size
    return max(sizes.values(), default=0) <= _MOST * sizes.total()
