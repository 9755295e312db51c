"""Reads a store for the screen, in a thread that has a connection of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.errors import ReviewerError
from reviewer.market.facets import overview
from reviewer.market.reading import MarketReader
from reviewer.tui.market.messages import Counted, PageRead, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from textual.message import Message

    from reviewer.market.facets import Overview
    from reviewer.tui.market.levels import Level, What


def count(store: Path, run: int, tell: Callable[[Message], object]) -> None:
    """Count a run, or the last one, and tell its numbers; never raises."""

    def ask(reader: MarketReader) -> Message:
        found = reader.run(run)
        return Counted(found, tuple(one.id for one in reader.runs()), overview(reader, found.id))

    _ask(store, ask, tell)


def page(
    store: Path, run: int, level: Level, numbers: Overview, there: Sequence[What], tell: Callable[[Message], object]
) -> None:
    """Read the rows of a level that follow those that are there, and tell them; never raises."""
    last, after = (there[-1], len(there)) if there else (None, 0)
    _ask(store, lambda reader: PageRead(level, level.read(reader, run, numbers, last), after), tell)


def _ask(store: Path, ask: Callable[[MarketReader], Message], tell: Callable[[Message], object]) -> None:
    try:
        with MarketReader(store) as reader:
            answer = ask(reader)
    except ReviewerError as error:
        answer = Unreadable(str(error))
    except Exception as error:  # noqa: BLE001 - the application lives on, and says what happened
        answer = Unreadable(f"internal error: {type(error).__name__}: {error}")
    tell(answer)
