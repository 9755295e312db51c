"""Keeps sessions, deeds, typed lines and preferences; a call that returns has saved."""

from __future__ import annotations

import json
import sqlite3
import time
from typing import TYPE_CHECKING, Any, Final

from reviewer.session.database import open_database
from reviewer.session.records import Deed, Session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MOST_HISTORY: Final = 500
_MOST_SESSIONS: Final = 300
_SESSION: Final = "SELECT id, title, line, folder, opened, touched, closed, state FROM session"


class StoreError(Exception):
    """Something could not be saved or read; the message says why."""


class SessionStore:
    """The store of one window; several windows may use the same file at once."""

    def __init__(self, folder: Path | None) -> None:
        """Open the store in a folder; `note` says what a person should know about it."""
        self._database, self.note = open_database(folder)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def begin(self, title: str, line: str, folder: str) -> Session:
        """Start a session; the same line in the same folder goes on with the one that there is."""
        now = time.time()
        found = self._one("WHERE line = ? AND folder = ? ORDER BY touched DESC, id DESC", line, folder)
        if found is not None:
            self._write("UPDATE session SET touched = ?, closed = 0, title = ? WHERE id = ?", now, title, found.id)
            return found
        number = self._write(
            "INSERT INTO session (title, line, folder, opened, touched, closed, state) VALUES (?, ?, ?, ?, ?, 0, '{}')",
            title,
            line,
            folder,
            now,
            now,
        )
        self._write(
            "DELETE FROM session WHERE id IN (SELECT id FROM session ORDER BY touched DESC, id DESC LIMIT -1 OFFSET ?)",
            _MOST_SESSIONS,
        )
        return Session(number, title, line, folder, now, now, closed=False)

    def place(self, session: int, state: Mapping[str, Any]) -> None:
        """Keep where the person is in a session."""
        self._write("UPDATE session SET state = ?, touched = ? WHERE id = ?", _dump(state), time.time(), session)

    def end(self, session: int) -> None:
        """Note that a session was left in order."""
        self._write("UPDATE session SET closed = 1 WHERE id = ?", session)

    def forget(self, session: int) -> None:
        """Remove a session and its deeds, as a person asked."""
        self._write("DELETE FROM session WHERE id = ?", session)

    def session(self, number: int) -> Session | None:
        """Return a session, or None where there is none of this number."""
        return self._one("WHERE id = ?", number)

    def recent(self, limit: int = 50) -> tuple[Session, ...]:
        """Return sessions, the last one first."""
        return tuple(_session(row) for row in self._read(f"{_SESSION} ORDER BY touched DESC, id DESC LIMIT ?", limit))

    def record(self, session: int, kind: str, data: Mapping[str, Any]) -> int:
        """Keep a deed, and return its number; it is on disk when this returns."""
        sql = "INSERT INTO deed (session, kind, at, data) VALUES (?, ?, ?, ?)"
        return self._write(sql, session, kind, time.time(), _dump(data))

    def deeds(self, session: int, kind: str = "") -> tuple[Deed, ...]:
        """Return the deeds of a session in order, all or of one kind."""
        sql = "SELECT id, session, kind, at, data FROM deed WHERE session = ? AND (? = '' OR kind = ?) ORDER BY id"
        return tuple(_deed(row) for row in self._read(sql, session, kind, kind))

    def remember(self, line: str) -> None:
        """Keep a line that was typed; the same line again moves to the end."""
        self._write("DELETE FROM history WHERE line = ?", line)
        self._write("INSERT INTO history (line, at) VALUES (?, ?)", line, time.time())
        self._write("DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?", _MOST_HISTORY)

    def history(self) -> tuple[str, ...]:
        """Return the typed lines, oldest first."""
        return tuple(str(row[0]) for row in self._read("SELECT line FROM history ORDER BY id"))

    def prefer(self, name: str, value: str) -> None:
        """Keep a preference."""
        sql = "INSERT INTO preference VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self._write(sql, name, value)

    def preference(self, name: str, default: str = "") -> str:
        """Return a preference."""
        rows = self._read("SELECT value FROM preference WHERE name = ?", name)
        return str(rows[0][0]) if rows else default

    def _one(self, clause: str, *values: Any) -> Session | None:
        rows = self._read(f"{_SESSION} {clause} LIMIT 1", *values)
        return _session(rows[0]) if rows else None

    def _read(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query; raises `StoreError`."""
        try:
            return self._database.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"the store of sessions can't be read: {error}") from error

    def _write(self, sql: str, *values: Any) -> int:
        """Run one statement in a transaction of its own; raises `StoreError`."""
        try:
            return self._database.execute(sql, values).lastrowid or 0
        except sqlite3.Error as error:
            raise StoreError(f"not saved: {error}") from error


def _session(row: tuple[Any, ...]) -> Session:
    number, title, line, folder, opened, touched, closed, state = row
    return Session(number, title, line, folder, opened, touched, bool(closed), _load(state))


def _deed(row: tuple[Any, ...]) -> Deed:
    number, session, kind, at, data = row
    return Deed(number, session, kind, at, _load(data))


def _dump(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def _load(text: str) -> dict[str, Any]:
    """Return the data of a row; what no longer is an object counts as empty."""
    try:
        data = json.loads(text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
