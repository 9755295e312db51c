"""What the thread that reads a store tells the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.market.facets import Overview
    from reviewer.market.records import Run
    from reviewer.tui.market.levels import Level, What


@dataclass
class Counted(Message):
    """The numbers of a run are there."""

    run: Run
    runs: tuple[int, ...]
    """Ids of all runs of the store."""
    numbers: Overview


@dataclass
class PageRead(Message):
    """Rows of a level are there."""

    level: Level
    rows: Sequence[What]
    after: int
    """How many rows stand before them."""


@dataclass
class Unreadable(Message):
    """The store can't be read; the message is for a person."""

    message: str
