"""What the threads of the design screen tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from reviewer.design.merging.writing import Planned
    from reviewer.tui.design.designing import Designing


@dataclass
class DesignRead(Message):
    """The rules and the design are there; else ``problem`` says why not."""

    designing: Designing | None
    problem: str


@dataclass
class DocumentMade(Message):
    """The design document, in Markdown."""

    text: str


@dataclass
class GenerationPlanned(Message):
    """What generating into a folder would do; else ``problem`` says why it can't be told."""

    folder: str
    planned: Planned | None
    problem: str


@dataclass
class Generated(Message):
    """What generating has done."""

    said: str
    done: bool
