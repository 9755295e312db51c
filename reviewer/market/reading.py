"""Reads a store, also while a run writes it."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any, Self

from reviewer.core.errors import UsageError
from reviewer.market.database import open_to_read
from reviewer.market.records import Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class MarketReader:
    """What is in a store; the tables and views are those of ``schema.sql``."""

    def __init__(self, path: Path) -> None:
        """Open the store; raises `UsageError` where there is none."""
        self.path = path
        self._database = open_to_read(path)

    def __enter__(self) -> Self:
        """Give the reader itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Let go of the file."""
        self._database.close()

    def runs(self) -> tuple[Run, ...]:
        """Return every run, the first one first."""
        return tuple(_run(row) for row in self.ask("SELECT * FROM run ORDER BY id"))

    def run(self, number: int = 0) -> Run:
        """Return a run by its id, or the last one; raises `UsageError` where there is none."""
        runs = self.runs()
        found = runs[-1:] if not number else tuple(run for run in runs if run.id == number)
        if not found:
            known = ", ".join(str(run.id) for run in runs) or "none yet"
            raise UsageError(f"{self.path}: there is no run {number or ''} in this store (runs: {known})")
        return found[0]

    def ask(self, sql: str, *values: Any) -> Iterator[sqlite3.Row]:
        """Yield the rows of a query, which can change nothing; raises `UsageError` for a store that can't be read."""
        try:
            yield from self._database.execute(sql, values)
        except sqlite3.DatabaseError as error:
            raise UsageError(f"{self.path}: can't be read: {error}") from error


def _run(row: sqlite3.Row) -> Run:
    return Run(
        id=row["id"],
        started=row["started"],
        finished=row["finished"],
        tool=row["tool"],
        rules=row["rules"],
        settings=json.loads(row["settings"]),
        sources=tuple(json.loads(row["sources"])),
    )
