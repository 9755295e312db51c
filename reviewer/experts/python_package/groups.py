"""The groups of entry points that hosts are known to read."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.experts.python_package.spelling import slip_of

if TYPE_CHECKING:
    from pathlib import Path


class Group(Struct, frozen=True):
    """A group with its host, and what the host asks of the names in it."""

    name: str
    host: str
    also_written: tuple[str, ...] = ()
    entries: str = ""
    """A regular expression for the names of entries, or nothing where any will do."""
    says: str = ""
    example: str = ""
    names_file: bool = False
    """Behind the colon stands a file in the package."""


@lru_cache(maxsize=4)
def known_groups(folder: Path) -> dict[str, Group]:
    """Return the groups of an ecosystem's ``groups.toml`` by name."""
    table = tomllib.loads((folder / "groups.toml").read_text(encoding="utf-8"))
    groups = [
        Group(
            name=row["name"],
            host=row["host"],
            also_written=tuple(row.get("also-written", ())),
            entries=row.get("entries", ""),
            says=row.get("says", ""),
            example=row.get("example", ""),
            names_file=row.get("names-file", False),
        )
        for row in table["group"]
    ]
    return {group.name: group for group in groups}


def meant(name: str, groups: dict[str, Group]) -> Group | None:
    """Return the group that a name which no host reads was meant to be, or None."""
    if name in groups:
        return None
    for group in groups.values():
        if name in group.also_written:
            return group
    return groups.get(slip_of(name, groups))
