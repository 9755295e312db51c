"""What the threads of the application tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.library.library import Library
    from reviewer.tui.screens.catalogue import Listed


@dataclass
class LibraryRead(Message):
    """The library is there."""

    library: Library


@dataclass
class Searched(Message):
    """A search in the library has come to its end."""

    found: Sequence[Listed]
    words: str
    at: str
    """Key of what to begin with."""
