"""Folds what the published versions of a host declare into one table: since, deprecated, removed, type, what instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from declarations import Declared

_LONGEST_NOTE = 90
_WHEN = re.compile(r"^Since [\d.]+\.? ")
_LINK = re.compile(r"\{@link(?:code|plain)?\s+([^}\s|]+)[^}]*\}")


@dataclass
class Row:
    """One line of a table; an empty text where nothing is known, or nothing to be told."""

    symbol: str
    since: str = ""
    deprecated: str = ""
    removed: str = ""
    type: str = ""
    note: str = ""

    def line(self) -> str:
        """Spell the row, without the tabs at its end."""
        cells = (self.symbol, self.since, self.deprecated, self.removed, self.type, self.note)
        return "\t".join(cells).rstrip("\t")


def fold(
    history: Iterable[tuple[str, dict[str, Declared]]],
    since: Callable[[Declared, str], str],
    removed: Mapping[str, str] = MappingProxyType({}),
) -> list[Row]:
    """Return a row for each symbol of a history, which goes from the oldest version to the newest.

    ``since`` says since which version a symbol exists that is first seen in the given one. What only
    left the types may well be there when code runs: ``removed`` has what the host itself took away.
    """
    rows: dict[str, Row] = {}
    first: dict[str, str] = {}
    newest: Mapping[str, Declared] = {}
    for version, found in history:
        for symbol, one in found.items():
            first.setdefault(symbol, version)
            row = rows.setdefault(symbol, Row(symbol))
            row.type = one.type
            if one.deprecated is None:
                row.deprecated = row.note = ""
            else:
                row.deprecated = row.deprecated or version
                row.note = _note(one.deprecated)
        newest = found
    for symbol, one in newest.items():
        rows[symbol].since = since(one, first[symbol])
    for symbol, version in removed.items():
        rows[symbol].removed = version
    return _worth_keeping({symbol: row for symbol, row in rows.items() if symbol in newest or row.removed})


def _worth_keeping(rows: dict[str, Row]) -> list[Row]:
    """Leave out members of objects of which nothing is to be told, and types that the table does not have."""
    for row in rows.values():
        row.type = row.type if row.type in rows else ""
    kept = (
        row for row in rows.values() if "#" not in row.symbol or row.since or row.deprecated or row.removed or row.type
    )
    return sorted(kept, key=lambda row: row.symbol)


def _note(text: str) -> str:
    """Return what a comment says of what to use instead, in one short line."""
    plain = _LINK.sub(lambda link: link[1], _WHEN.sub("", text)).lstrip("- ").split(". ")[0].strip(" .")
    return plain if len(plain) <= _LONGEST_NOTE else ""


def write(path: Path, head: Mapping[str, str], rows: list[Row]) -> None:
    """Write a table with its head: one ``# key: value`` a line, then the rows."""
    lines = [*(f"# {key}: {value}" for key, value in head.items()), *(row.line() for row in rows)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
