"""The folder in which things are kept that can be made again at any time."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


def cache_folder() -> Path | None:
    """Return the cache folder: REVIEWER_CACHE_DIR, else below XDG_CACHE_HOME, else below ~/.cache.

    The folder may not exist yet. None where no home is known.
    """
    named = os.environ.get("REVIEWER_CACHE_DIR")
    if named:
        return Path(named).absolute()
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not Path(base).is_absolute():  # the specification says to ignore a relative one
        try:
            base = str(Path.home() / ".cache")
        except RuntimeError:
            return None
    return Path(base) / "reviewer"


def read_cached(path: Path, limit: int) -> bytes | None:
    """Return the content of a cache file, or None: absent, too large, no plain file, or somebody else's."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
        with open(handle, "rb") as stream:  # noqa: PTH123 - a descriptor, not a path
            state = os.fstat(handle)
            ours = not hasattr(os, "getuid") or state.st_uid == os.getuid()
            if not ours or not stat.S_ISREG(state.st_mode) or state.st_size > limit:
                return None
            return stream.read(limit)
    except OSError:
        return None


def write_cached(path: Path, content: bytes) -> None:
    """Write a cache file as a whole or not at all; a folder that can't be written is no error."""
    temporary = ""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with open(handle, "wb") as stream:  # noqa: PTH123 - a descriptor, not a path
            stream.write(content)
        Path(temporary).replace(path)
    except OSError:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
