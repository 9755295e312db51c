"""What can be looked at by itself, in any order and in any process."""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    """One source file of one subject."""

    subject: int
    """The subject's number in its root."""
    path: str
    size: int
    """Bytes."""
