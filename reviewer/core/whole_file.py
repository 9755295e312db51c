"""Writes a file as a whole or not at all, and by one process at a time."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


def replace_file(path: Path, content: bytes, *, lasting: bool = True, mode: int | None = None) -> None:
    """Put bytes in the place of a file; whoever reads it at any moment sees the old ones or the new; raises `OSError`.

    ``lasting`` waits until the disk has them. Without ``mode`` a file keeps its own, and a new one gets what the
    user's mask leaves.
    """
    import tempfile  # most commands write no file, and this takes a while to load

    if mode is None:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else _usual_mode()
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            if lasting:
                stream.flush()
                os.fsync(stream.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _usual_mode() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


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
