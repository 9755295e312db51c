"""The hooks of hosts as data: which exist, what each is handed, and in which releases.

A table has a head of ``# key: value`` lines and a row a hook or argument, with tabs between: hook,
argument, since, removed, deprecated, note; ``tests/tables/python_hooks.py`` makes it. An empty
since means the first of the releases, or before.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from pathlib import Path

    from reviewer.subject.ecosystem import EcosystemProfile


class Span(Struct, frozen=True):
    """In which releases of the host something exists."""

    since: str = ""
    removed: str = ""
    deprecated: str = ""
    note: str = ""

    def lacking(self, releases: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the table's releases, in order, that do not have it."""
        start = releases.index(self.since) if self.since in releases else 0
        end = releases.index(self.removed) if self.removed in releases else len(releases)
        return releases[:start] + releases[end:]


class Hook(Struct):
    """One hook with its arguments in the order of the table."""

    name: str
    span: Span
    arguments: dict[str, Span] = field(default_factory=dict)

    @property
    def first_result(self) -> bool:
        """Tell whether the first answer that is not None ends the call."""
        return "firstresult" in self.span.note.split()


class HookHost(Struct, frozen=True):
    """A host with its hooks, and how a plugin marks the functions that it calls."""

    host: str
    group: str
    prefix: str
    markers: frozenset[str]
    bases: frozenset[str]
    gives_all: bool
    project: str
    """The name that the host gives to pluggy's markers."""
    releases: tuple[str, ...]
    """The feature releases that the table knows, oldest first."""
    hooks: dict[str, Hook]
    names: dict[str, Span] = {}
    """What else a plugin takes from the host that some of the releases do not have."""


def hook_hosts(profile: EcosystemProfile | None) -> tuple[HookHost, ...]:
    """Return the hosts whose hooks an ecosystem knows."""
    if profile is None:
        return ()
    hosts = []
    for row in profile.extra.get("hooks", []):
        releases, hooks = _read(profile.folder / str(row["table"]))
        names = str(row.get("names", ""))
        hosts.append(
            HookHost(
                host=str(row["host"]),
                group=str(row["group"]),
                prefix=str(row.get("prefix", "")),
                markers=frozenset(row.get("markers", ())),
                bases=frozenset(row.get("bases", ())),
                gives_all=bool(row.get("gives-all", False)),
                project=str(row.get("project", "")),
                releases=releases,
                hooks=hooks,
                names=_names(profile.folder / names) if names else {},
            )
        )
    return tuple(hosts)


@lru_cache(maxsize=16)
def _read(path: Path) -> tuple[tuple[str, ...], dict[str, Hook]]:
    releases: tuple[str, ...] = ()
    hooks: dict[str, Hook] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# releases:"):
            releases = tuple(line.partition(":")[2].split())
        if not line or line.startswith("#"):
            continue
        name, argument, *cells = [*line.split("\t"), "", "", "", "", ""][:6]
        span = Span(*cells)
        if argument:
            hooks[name].arguments[argument] = span
        else:
            hooks[name] = Hook(name, span)
    return releases, hooks


@lru_cache(maxsize=16)
def _names(path: Path) -> dict[str, Span]:
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#"))
    return {name: Span(*cells) for name, *cells in lines}
