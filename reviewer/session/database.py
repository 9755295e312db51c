"""Opens the database of sessions; a damaged one is set aside and said, never emptied."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Final

APPLICATION: Final = 0x52565752
"""Marks the file as ours, in its header."""
VERSION: Final = 1
"""Of the tables; a higher one was written by a later version of this program."""
FILE: Final = "sessions.db"
_PATIENCE: Final = 5.0
"""Seconds to wait for another window."""
_NEWBORN: Final = 10.0
"""Seconds in which an empty file may be one that another window is just making."""
_BESIDE: Final = ("", "-wal", "-shm")

_TABLES: Final = """
CREATE TABLE session (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, line TEXT NOT NULL, folder TEXT NOT NULL,
    opened REAL NOT NULL, touched REAL NOT NULL, closed INTEGER NOT NULL, state TEXT NOT NULL
) STRICT;
CREATE TABLE deed (
    id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, at REAL NOT NULL, data TEXT NOT NULL
) STRICT;
CREATE INDEX deed_of_session ON deed (session, kind, id);
CREATE TABLE history (id INTEGER PRIMARY KEY, line TEXT NOT NULL, at REAL NOT NULL) STRICT;
CREATE TABLE preference (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


class TooNewError(Exception):
    """The file was written by a later version of this program."""


def open_database(folder: Path | None) -> tuple[sqlite3.Connection, str]:
    """Return a connection, and what a person has to be told about it, or an empty text.

    Where nothing can be kept on disk the connection is to memory, and that is told.
    """
    if folder is None:
        return _in_memory("no home folder is known")
    path = folder / FILE
    note = ""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_damaged(path):
            note = _set_aside(path)
        return _connect(path), note
    except TooNewError:
        return _in_memory(f"{path} was written by a newer version of this program")
    except (OSError, sqlite3.Error) as error:
        return _in_memory(f"{path} can't be opened: {error}")


def _in_memory(why: str) -> tuple[sqlite3.Connection, str]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _prepare(connection)
    return connection, f"{why}, so nothing that you do here is kept after the end"


def _is_damaged(path: Path) -> bool:
    """Tell whether a file is there that can't be read as a database of ours."""
    try:
        state = path.stat()
    except OSError:
        return False
    if state.st_size == 0:
        return time.time() - state.st_mtime > _NEWBORN
    try:
        connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            (mark,) = connection.execute("PRAGMA application_id").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError:
        raise  # locked, or not permitted: that is no damage
    except sqlite3.DatabaseError:
        return True
    return bool(verdict != "ok" or (tables and mark != APPLICATION))


def _set_aside(path: Path) -> str:
    """Move the damaged file, with what belongs to it, to a name that is free."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.stem}.damaged-{stamp}.db")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.stem}.damaged-{stamp}-{number}.db")
    for ending in _BESIDE:
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(kept.with_name(kept.name + ending))
    return f"the store of sessions was damaged; it was set aside as {kept}, and a new one was begun"


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        # On a file system without shared memory this stays another mode, which is slower and as safe.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    path.chmod(0o600)
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables where they are not there yet; raises `TooNewError`."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    # Two windows may start at once: whoever comes second waits here, and finds the tables made.
    connection.execute("BEGIN IMMEDIATE")
    try:
        _make_tables(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _make_tables(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise TooNewError
    if version == 0:
        for statement in _TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
