"""Which entry of one run is which of the other: the one of the same name, and of several those of the same version."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.market.reading import MarketReader

_ENTRIES: Final = """
SELECT name, version, number, digest, state, error, result, run FROM entry WHERE run IN (?, ?)
ORDER BY name, version, number
"""


class Seen(NamedTuple):
    """An entry as one run has it."""

    name: str
    version: str
    number: int
    digest: str
    state: str
    error: str
    result: int | None


Pair: TypeAlias = tuple[Seen | None, Seen | None]
"""An entry of the earlier and of the later run; None where one has it not."""


def pairs(reader: MarketReader, old: int, new: int) -> Iterator[Pair]:
    """Yield the entries of two runs side by side, in the order of their names."""
    rows = reader.ask(_ENTRIES, old, new)
    for _name, group in groupby(rows, key=lambda row: row["name"]):
        sides: dict[int, list[Seen]] = {old: [], new: []}
        for row in group:
            sides[row["run"]].append(Seen(*tuple(row)[:-1]))
        yield from _paired(sides[old], sides[new])


def _paired(old: list[Seen], new: list[Seen]) -> Iterator[Pair]:
    if len(old) == len(new) == 1:
        yield old[0], new[0]  # whatever version it is by now
        return
    waiting: dict[str, list[Seen]] = {}
    for one in new:
        waiting.setdefault(one.version, []).append(one)
    for one in old:
        same = waiting.get(one.version)
        yield one, same.pop(0) if same else None
    for rest in waiting.values():
        yield from ((None, one) for one in rest)
