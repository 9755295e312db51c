"""What the store of sessions hands out."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class Session(Struct, frozen=True):
    """One piece of work of a person: a command on a subject, and where they were in it."""

    id: int
    title: str
    line: str
    """The command as it is typed at the slash prompt; running it again goes on with the session."""
    folder: str
    """The folder in which the line was typed."""
    opened: float
    touched: float
    """Seconds since 1970."""
    closed: bool
    """False while it is open, and after an end without a goodbye."""
    state: dict[str, Any] = field(default_factory=dict)
    """Where the person was: tab, grouping, filter, selected finding."""


class Deed(Struct, frozen=True):
    """One thing that a person did in a session; deeds are only ever added."""

    id: int
    session: int
    kind: str
    at: float
    data: dict[str, Any]
