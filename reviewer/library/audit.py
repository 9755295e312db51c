"""The sections of a security audit as data: which rules and which questions belong to each."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any, Final

from msgspec import Struct

from reviewer import resources

_FILE: Final = "audit.toml"


class SectionData(Struct, frozen=True):
    """One section of an audit."""

    id: str
    title: str
    about: str
    rules: tuple[str, ...]
    """Ids of rules, or beginnings of ids."""
    checklist: tuple[str, ...]


@cache
def _table() -> dict[str, Any]:
    """Read the file; raises on a damaged one, which a test holds whole."""
    return tomllib.loads((resources.skills() / "security" / _FILE).read_text("utf-8"))


def needs() -> dict[str, tuple[str, ...]]:
    """Return for each question that needs it what must have been seen for a pass to count: interfaces, features."""
    return {question: tuple(seen) for question, seen in _table()["needs"].items()}


@cache
def sections() -> tuple[SectionData, ...]:
    """Return the sections in the order of the file."""
    return tuple(
        SectionData(row["id"], row["title"], row["about"], tuple(row["rules"]), tuple(row["checklist"]))
        for row in _table()["section"]
    )
