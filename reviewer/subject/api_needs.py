"""What the names of a host's API need: a permission, a key of the manifest, a version of it, a page to run in.

An ecosystem's table has a row a symbol, with tabs between: symbol, permissions (one of them is enough, ``-`` for
none), keys of the manifest that do as well, the manifest version that Chrome has it in, the one of Firefox, and
``page`` for what a service worker can't call. What holds for a namespace holds for its members.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Need(Struct, frozen=True):
    """One row; an empty text or tuple where nothing is asked for."""

    symbol: str
    permissions: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    chrome: str = ""
    firefox: str = ""
    page: bool = False


class Needs(Struct, frozen=True):
    """The table of one ecosystem."""

    rows: Mapping[str, Need]

    def of(self, path: str) -> Iterator[Need]:
        """Yield what a name needs by itself and by the namespaces around it, the innermost first."""
        parts = path.split(".")
        for length in range(len(parts), 0, -1):
            row = self.rows.get(".".join(parts[:length]))
            if row is not None:
                yield row
                if row.permissions == ("-",):
                    return

    def permission(self, path: str) -> Need | None:
        """Return the innermost row that asks for a permission or a key of the manifest; None where none does."""
        for row in self.of(path):
            if row.permissions or row.keys:
                return None if row.permissions == ("-",) else row
        return None

    def permissions(self) -> frozenset[str]:
        """Return every permission that opens a part of the API."""
        return frozenset(one for row in self.rows.values() for one in row.permissions if one != "-")


@lru_cache(maxsize=4)
def api_needs(path: Path) -> Needs:
    """Read a table; raises `OSError` where there is none."""
    rows: dict[str, Need] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            symbol, permissions, keys, chrome, firefox, page = (*line.split("\t"), *[""] * 5)[:6]
            rows[symbol] = Need(
                symbol, tuple(permissions.split()), tuple(keys.split()), chrome, firefox, page == "page"
            )
    return Needs(rows)
