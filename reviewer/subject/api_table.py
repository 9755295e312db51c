"""The API of a host as data: since which version each symbol exists, and since when it is deprecated or gone.

A profile names the tables of an ecosystem::

    [[api]]
    table = "api.tsv"             # beside the profile
    host = "VS Code"              # as a person calls it
    roots = ["vscode"]            # resolved names that the symbols hang on
    minimum = "engines.vscode"    # the oldest host that the manifest promises: a range, or a version alone
    types = "@types/vscode"       # the package that code is checked with
    complete = ["window", ""]     # namespaces with all their members in the table; "" is what hangs on the roots
    proposed = "enabledApiProposals"   # a manifest that has it may use what no table knows
    version = ["version"]         # symbols that tell which host runs; code that asks them chooses for itself
    unawaited = ["window.show*Message"]   # what gives a promise that nobody needs to wait for; * is any end
    later = ["Vault#read"]        # what gives a promise of something: its value is there after an await
    [api.given]                   # parameters that the host fills: function = types of its parameters
    activate = ["ExtensionContext"]

A table has a head of ``# key: value`` lines (source, licence, newest) and a row a symbol, with tabs
between: symbol, since, deprecated, removed, type, note; empty cells at the end are left out. A
member of an object is ``Type#member``, everything else is dotted: ``window.createTerminal``. The
type is that of the value, of what a function returns, or for a class that of its base. An empty
since means "as far back as anybody knows".
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Release = tuple[int, ...]
"""A version as numbers that compare; empty for one that nobody knows."""

_MOST_BASES: Final = 8


class Symbol(Struct, frozen=True):
    """One row of a table."""

    name: str
    since: str = ""
    deprecated: str = ""
    removed: str = ""
    type: str = ""
    note: str = ""

    @property
    def last(self) -> str:
        """The last part of the name, which stands in the code whatever is before it."""
        return self.name.replace("#", ".").rsplit(".", 1)[-1]


class ApiTable(Struct, frozen=True):
    """The API of one host, with what the profile says of it."""

    host: str
    roots: tuple[str, ...]
    minimum: str
    symbols: Mapping[str, Symbol]
    complete: frozenset[str]
    proposed: str
    version: tuple[str, ...]
    given: Mapping[str, tuple[str, ...]]
    unawaited: tuple[str, ...]
    later: frozenset[str]
    newest: Release
    releases: tuple[Release, ...]
    """Every release that the table speaks of, the oldest first."""

    def member(self, owner: str, name: str) -> Symbol | None:
        """Return a member of the objects of a type, from its bases too."""
        for one in self.lineage(owner):
            found = self.symbols.get(f"{one}#{name}")
            if found is not None:
                return found
        return None

    def lineage(self, owner: str) -> Iterator[str]:
        """Yield a type and its bases, nearest first."""
        for _ in range(_MOST_BASES):
            row = self.symbols.get(owner)
            if row is None:
                return
            yield owner
            owner = row.type

    def needs_no_wait(self, name: str) -> bool:
        """Tell whether code rightly drops the promise that a symbol gives."""
        return any(fnmatchcase(name, one) for one in self.unawaited)

    def spelled(self, resolved: str) -> str:
        """Return the symbol that a resolved name means: ``window.x`` for ``vscode.window.x``; else an empty string."""
        for root in self.roots:
            if resolved.startswith(root) and resolved[len(root) : len(root) + 1] == ".":
                return resolved[len(root) + 1 :]
        return ""


def release(text: str) -> Release:
    """Return the numbers that a version begins with."""
    numbers = []
    for part in text.strip().lstrip("vV=>^~ ").split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits[:9]))
        if digits != part:
            break
    while numbers and numbers[-1] == 0 and len(numbers) > 1:
        numbers.pop()  # 1.90 and 1.90.0 are one
    return tuple(numbers)


def api_tables(folder: Path, said: Any) -> tuple[ApiTable, ...]:
    """Return the tables that a profile names; ``said`` is its ``api``."""
    rows = said if isinstance(said, list) else []
    return tuple(_read(folder / str(row["table"]), row) for row in rows)


def _read(path: Path, said: Mapping[str, Any]) -> ApiTable:
    head, symbols = _rows(path)
    named = {name for row in symbols.values() for name in (row.since, row.deprecated, row.removed) if name}
    newest = release(head.get("newest", ""))
    return ApiTable(
        host=str(said["host"]),
        roots=tuple(said["roots"]),
        minimum=str(said.get("minimum", "")),
        symbols=symbols,
        complete=frozenset(said.get("complete", ())),
        proposed=str(said.get("proposed", "")),
        version=tuple(said.get("version", ())),
        given={name: tuple(types) for name, types in said.get("given", {}).items()},
        unawaited=tuple(said.get("unawaited", ())),
        later=frozenset(said.get("later", ())),
        newest=newest,
        releases=tuple(sorted({release(name) for name in named} | {newest})),
    )


@lru_cache(maxsize=16)
def _rows(path: Path) -> tuple[dict[str, str], dict[str, Symbol]]:
    head: dict[str, str] = {}
    symbols: dict[str, Symbol] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            head[key.strip()] = value.strip()
        elif line:
            cells = line.split("\t")
            symbols[cells[0]] = Symbol(*cells[:6])
    return head, symbols
