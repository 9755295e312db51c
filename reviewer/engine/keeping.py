"""Writes files that a person keeps: whole or not at all, and by one process at a time."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


def keep(file: Path, text: str) -> None:
    """Write a file, its folder too where it is missing; raises `UsageError`.

    Whoever reads it at any moment sees the old content or the new. Nothing is written through a
    link: a repository may have brought it along.
    """
    try:
        if file.parent.is_symlink() and file.parent.name.startswith("."):
            raise UsageError(f"{file.parent}: is a link, so nothing is written to where it leads")
        file.parent.mkdir(parents=True, exist_ok=True)
        state = file.lstat() if os.path.lexists(file) else None
        if state is not None and not stat.S_ISREG(state.st_mode):
            raise UsageError(f"{file}: is no plain file, so nothing is written to it")
        _replace(file, text, stat.S_IMODE(state.st_mode) if state is not None else 0o644)
    except OSError as error:
        raise UsageError(f"{file}: can't be written: {error.strerror or error}") from error


def _replace(target: Path, text: str, mode: int) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


@contextlib.contextmanager
def alone(file: Path) -> Iterator[None]:
    """Keep other processes from changing a file meanwhile, where the system can; raises `UsageError`.

    The lock is on the folder: it needs no file of its own, and ends with the process.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on Windows: there the last writer wins
        yield
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(file.parent, os.O_RDONLY)
    except OSError as error:
        raise UsageError(f"{file.parent}: can't be written: {error.strerror or error}") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
