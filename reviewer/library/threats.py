"""The threat model of a plugin system as data: its interfaces, and for each what can go wrong and what holds it."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any, Final

from msgspec import Struct

from reviewer import resources

_FILE: Final = "interfaces.toml"


class Threat(Struct, frozen=True):
    """One thing that can go wrong at an interface; ``stride`` is a letter of STRIDE."""

    stride: str
    threat: str
    control: str
    rules: tuple[str, ...]
    """Rules whose findings show that it is real."""
    checklist: tuple[str, ...]
    """Questions whose answers say how it is held."""


class Surface(Struct, frozen=True):
    """An interface, and by what a subject shows that it has it; the file explains each kind of sign."""

    id: str
    title: str
    about: str
    kinds: tuple[str, ...]
    manifest: bool
    calls: frozenset[str]
    dynamic: frozenset[str]
    callees: tuple[str, ...]
    imports: frozenset[str]
    definitions: tuple[frozenset[str], ...]
    permissions: frozenset[str]
    threats: tuple[Threat, ...]


@cache
def surfaces() -> tuple[Surface, ...]:
    """Return the interfaces in the order of the file; raises on a damaged one, which a test holds whole."""
    table = tomllib.loads((resources.skills() / "security" / _FILE).read_text("utf-8"))
    return tuple(_surface(row) for row in table["interface"])


def _surface(row: dict[str, Any]) -> Surface:
    return Surface(
        id=row["id"],
        title=row["title"],
        about=row["about"],
        kinds=tuple(row["kinds"]),
        manifest=row.get("manifest", False),
        calls=frozenset(row.get("calls", ())),
        dynamic=frozenset(row.get("dynamic", ())),
        callees=tuple(row.get("callees", ())),
        imports=frozenset(row.get("imports", ())),
        definitions=tuple(frozenset(group.split()) for group in row.get("definitions", ())),
        permissions=frozenset(row.get("permissions", ())),
        threats=tuple(
            Threat(one["stride"], one["threat"], one["control"], tuple(one["rules"]), tuple(one["checklist"]))
            for one in row["threat"]
        ),
    )
