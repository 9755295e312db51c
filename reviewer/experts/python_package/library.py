"""The standard library of Python as data: since which release a name exists, and which modules are gone."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from reviewer import resources

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = tuple(f"3.{minor}" for minor in range(7, 16))
"""The feature releases that are told apart, oldest first."""


@lru_cache(maxsize=1)
def library() -> dict[str, tuple[str, str]]:
    """Return (since, removed) by dotted name; an empty since is every release that is in use."""
    path: Path = resources.skills() / "ecosystems" / "python-entry-points" / "library.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#"))
    return {row[0]: (row[1] if len(row) > 1 else "", row[2] if len(row) > 2 else "") for row in rows}


@lru_cache(maxsize=1)
def last_names() -> frozenset[str]:
    """Return the last parts of all names, by which a module that may use one is found."""
    return frozenset(name.rsplit(".", 1)[-1] for name in library())


def older(one: str, other: str) -> bool:
    """Tell whether a feature release came before another: 3.9 before 3.10."""
    return _numbers(one) < _numbers(other)


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))
