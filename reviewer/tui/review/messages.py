"""What the thread that reviews tells the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from reviewer.tui.review.result import Result
    from reviewer.tui.review.reviewing import Reviewing


@dataclass
class Progressed(Message):
    """A file is being looked at, or a rule asks about the whole."""

    by: Reviewing
    files: int
    path: str
    rule: str


@dataclass
class Reviewed(Message):
    """A review has come to its end."""

    by: Reviewing
    result: Result


@dataclass
class Failed(Message):
    """A review could not be made; the message is for a person."""

    by: Reviewing
    message: str


@dataclass
class FilesChanged(Message):
    """Something in the reviewed paths is no longer as it was."""
