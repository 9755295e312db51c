"""Writes runs into the store, each step as a whole or not at all."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from msgspec.structs import fields

from reviewer import __version__
from reviewer.core.errors import ReviewerError
from reviewer.market.database import open_to_write
from reviewer.market.records import DONE, REFUSED, ROWS, SCALARS, WAITING, Entry, Outcome, SubjectRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_CHUNK: Final = 500
"""Entries that are taken out of the store at a time."""


class StoreError(ReviewerError):
    """The store could not be written; the message says why. What was kept before is whole."""


class MarketWriter:
    """The one writer of a store; others may read it at any time."""

    def __init__(self, path: Path) -> None:
        """Open the store, or make it; raises `UsageError` for a file that is none."""
        self._path = path
        self._database = open_to_write(path)

    def __enter__(self) -> Self:
        """Give the writer itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Let go of the file."""
        self._database.close()

    def begin(self, entries: Iterable[Entry], rules: str, settings: Mapping[str, Any], sources: Sequence[str]) -> int:
        """Start a run with all its entries, and return its id; without any entry it is not started, and 0."""
        with self._whole():
            cursor = self._database.execute(
                "INSERT INTO run (started, tool, rules, settings, sources, folder) VALUES (?, ?, ?, ?, ?, ?)",
                (_now(), __version__, rules, _dump(settings), _dump(list(sources)), _here()),
            )
            run = cursor.lastrowid or 0
            rows = (
                (run, number, *_texts(one), REFUSED if one.refused else WAITING)
                for number, one in enumerate(entries, 1)
            )
            count = self._database.executemany(
                "INSERT INTO entry (run, number, source, name, version, path, expected, error, state, digest, reused,"
                " seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0.0)",
                rows,
            ).rowcount
            if count <= 0:
                self._database.execute("DELETE FROM run WHERE id = ?", (run,))
                return 0
        return run

    def unfinished(self, rules: str, settings: Mapping[str, Any], sources: Sequence[str]) -> int:
        """Return the last run if it asked for the same and is not at its end, else 0."""
        rows = self._read("SELECT * FROM run ORDER BY id DESC LIMIT 1")
        if not rows or rows[0]["finished"] is not None:
            return 0
        row = rows[0]
        asked = (__version__, rules, _dump(settings), _dump(list(sources)), _here())
        same = (row["tool"], row["rules"], row["settings"], row["sources"], row["folder"]) == asked
        return int(row["id"]) if same else 0

    def waiting(self, run: int) -> Iterator[Entry]:
        """Yield the entries that nothing is known of yet, in order."""
        last = 0
        while True:
            rows = self._read(
                "SELECT source, name, path, version, expected, '', number FROM entry"
                " WHERE run = ? AND state = 'waiting' AND number > ? ORDER BY number LIMIT ?",
                run,
                last,
                _CHUNK,
            )
            if not rows:
                return
            yield from (Entry(*row) for row in rows)
            last = int(rows[-1]["number"])

    def known(self, key: str) -> int:
        """Return the result that is kept under a key, or 0."""
        rows = self._read("SELECT id FROM result WHERE key = ?", key)
        return int(rows[0]["id"]) if rows else 0

    def reuse(self, run: int, found: Iterable[tuple[int, str, int]]) -> None:
        """Give entries the results that are there already: number, digest and result of each."""
        with self._whole():
            self._database.executemany(
                "UPDATE entry SET state = 'done', reused = 1, digest = ?, result = ?"
                " WHERE run = ? AND number = ? AND state = 'waiting'",
                ((digest, result, run, number) for number, digest, result in found),
            )

    def count(self, run: int) -> tuple[int, int]:
        """Return how many entries a run has, and of how many of them nothing is known yet."""
        ((total, waiting),) = self._read(
            "SELECT count(*), count(*) FILTER (WHERE state = 'waiting') FROM entry WHERE run = ?", run
        )
        return int(total), int(waiting)

    def disown(self, key: str) -> None:
        """Let the result under a key be the past of the runs that have it; the next one is kept anew."""
        with self._whole():
            self._database.execute("UPDATE result SET key = NULL WHERE key = ?", (key,))

    def keep(self, run: int, number: int, key: str, outcome: Outcome) -> int | None:
        """Keep what became of an entry, once, and return its result, 0 for none.

        Returns None, and changes nothing, where something was known of the entry already.
        """
        with self._whole():
            row = self._database.execute(
                "SELECT 1 FROM entry WHERE run = ? AND number = ? AND state = 'waiting'", (run, number)
            ).fetchone()
            if row is None:
                return None
            result = None
            if outcome.state == DONE:
                result = self._result(key if outcome.lasting else "", outcome.subjects)
            self._database.execute(
                "UPDATE entry SET state = ?, error = ?, digest = ?, seconds = ?, result = ?"
                " WHERE run = ? AND number = ?",
                (outcome.state, outcome.error, outcome.digest, outcome.seconds, result, run, number),
            )
        return result or 0

    def observation(self, key: str) -> tuple[str, bytes] | None:
        """Return digest of the rules and data of the observation under a key, or None."""
        rows = self._read("SELECT rules, data FROM observation WHERE key = ?", key)
        return (str(rows[0]["rules"]), bytes(rows[0]["data"])) if rows else None

    def rules(self, rules: str) -> dict[str, str]:
        """Return the digest of each rule of a set; empty for one that is not known."""
        rows = self._read("SELECT parts FROM rule_set WHERE rules = ?", rules)
        return dict(json.loads(rows[0]["parts"])) if rows else {}

    def know_rules(self, rules: str, parts: Mapping[str, str]) -> None:
        """Keep the digest of each rule of a set."""
        with self._whole():
            self._database.execute("INSERT OR IGNORE INTO rule_set VALUES (?, ?)", (rules, _dump(parts)))

    def observe(self, key: str, result: int, rules: str, data: bytes) -> None:
        """Keep what was observed for a result, in place of what an earlier run observed of the same content."""
        if key:
            with self._whole():
                row = (key, result, rules, data)
                self._database.execute("INSERT OR REPLACE INTO observation VALUES (?, ?, ?, ?)", row)

    def finish(self, run: int) -> None:
        """Note that nothing of a run is waiting any more."""
        with self._whole():
            self._database.execute("UPDATE run SET finished = ? WHERE id = ?", (_now(), run))

    def forget_before(self, keep: int) -> None:
        """Remove all runs but the last so many, and the results that none of these needs."""
        with self._whole():
            self._database.execute(
                "DELETE FROM run WHERE id NOT IN (SELECT id FROM run ORDER BY id DESC LIMIT ?)", (keep,)
            )
            self._database.execute(
                "DELETE FROM result WHERE id NOT IN (SELECT result FROM entry WHERE result IS NOT NULL)"
            )
            self._database.execute("DELETE FROM rule_set WHERE rules NOT IN (SELECT rules FROM observation)")

    def _result(self, key: str, subjects: Iterable[SubjectRow]) -> int:
        """Return the result under a key, made of these subjects where it is not there yet."""
        if key and (known := self.known(key)):
            return known
        result = self._insert("result", {"key": key or None})
        for number, subject in enumerate(subjects, 1):
            scalars = {name: getattr(subject, name) for name in SCALARS}
            owner = self._insert("subject", {"result": result, "number": number, **scalars})
            for table, (held, kind) in ROWS.items():
                names = tuple(one.name for one in fields(kind))
                marks = ", ".join("?" * (len(names) + 2))
                columns = ", ".join(f'"{name}"' for name in ("subject", "number", *names))
                self._database.executemany(
                    f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - names of our own columns
                    (
                        (owner, place, *(getattr(row, name) for name in names))
                        for place, row in enumerate(getattr(subject, held), 1)
                    ),
                )
        return result

    def _insert(self, table: str, values: Mapping[str, Any]) -> int:
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own columns
        return self._database.execute(sql, tuple(values.values())).lastrowid or 0

    def _read(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Return the rows of a query, few as they are; raises `StoreError`."""
        try:
            return self._database.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: can't be read: {error}") from error

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Run what follows in one transaction; raises `StoreError`."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                # A signal may come when all is committed and nobody has been told yet.
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: can't be written: {error}") from error


def _texts(entry: Entry) -> tuple[str, ...]:
    return (entry.source, entry.name, entry.version, entry.path, entry.expected, entry.refused)


def _here() -> str:
    """Return the folder that relative paths count from; empty where it is gone."""
    try:
        return str(Path.cwd()).encode("utf-8", "backslashreplace").decode()
    except OSError:
        return ""


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _dump(data: Any) -> str:
    return json.dumps(dict(data) if isinstance(data, dict) else data, ensure_ascii=True, sort_keys=True)
