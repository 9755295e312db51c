"""Opens the file of a store: makes its tables, knows its version, and refuses what is not its own."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from reviewer.core.errors import UsageError

APPLICATION: Final = 0x52564D4B
"""Marks the file as ours, in its header."""
VERSION: Final = 2
"""Of the tables; a higher one was written by a later version of this program."""
_PATIENCE: Final = 30.0
"""Seconds to wait for another process."""
_SCHEMA: Final = Path(__file__).with_name("schema.sql")


def open_to_write(path: Path) -> sqlite3.Connection:
    """Return a connection to a store, which is made where it is not there yet; raises `UsageError`."""
    connection = _connect(path)
    try:
        # Before anything is set: another program's file, or a damaged one, stays as it is.
        _version(connection, path)
        _check(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        # What a power cut may take is the last moment of a run, and that is reviewed again.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        try:
            _prepare(connection, path)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    except sqlite3.Error as error:
        connection.close()
        raise _unusable(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """Return a connection that can change nothing; a run may be writing meanwhile. Raises `UsageError`."""
    if not path.is_file():
        raise UsageError(f"{path}: there is no such store; reviewer batch --store {path} SOURCE makes one")
    connection = _connect(path)
    try:
        connection.execute("PRAGMA query_only = ON")
        written = _version(connection, path) > 0
    except sqlite3.Error as error:
        connection.close()
        raise _unusable(path, error) from error
    except BaseException:
        connection.close()
        raise
    if not written:
        connection.close()
        raise UsageError(f"{path}: nothing has been written to this store yet")
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA trusted_schema = OFF")
    except sqlite3.Error as error:
        raise _unusable(path, error) from error
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables where they are not there yet."""
    if _version(connection, path) == VERSION:
        return
    for statement in _SCHEMA.read_text("utf-8").split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of the tables, 0 for a file that has none; raises `UsageError` for another's file."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not tables:
        return 0
    if mark != APPLICATION:
        raise UsageError(f"{path}: is a database of another program; name another file with --store")
    if version != VERSION:
        raise UsageError(
            f"{path}: its tables are of version {version}, this program reads {VERSION}; name another file with --store"
        )
    return int(version)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `UsageError` for a damaged file: a flipped bit is noticed by nothing but a look at every page."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise UsageError(f"{path}: is damaged: {verdict}\n  move it away, or name another file with --store")


def _unusable(path: Path, error: sqlite3.Error) -> UsageError:
    return UsageError(f"{path}: can't be used as a store: {error}\n  name another file with --store")
