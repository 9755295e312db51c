"""Lets one process at a time write to a store."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reviewer.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """Hold the store for so long; raises `UsageError` where another process does.

    The lock is on a file beside the store, because SQLite has locks of its own on the store, and
    ends with the process, however that ends.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on Windows: there SQLite alone keeps writers apart
        yield
        return
    beside = store.with_name(f"{store.name}-lock")
    try:
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise UsageError(f"{store}: can't be written: {(error.strerror or str(error)).lower()}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise UsageError(
            f"{store}: another run is writing to it; wait for it, or name another file with --store"
        ) from error
    try:
        yield
    finally:
        os.close(handle)
