"""The folder in which things are kept that can be made again at any time."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from reviewer.core.whole_file import replace_file
from reviewer.library.plain_file import open_plain


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
    try:
        with open_plain(path, follow=False) as stream:
            state = os.fstat(stream.fileno())
            ours = not hasattr(os, "getuid") or state.st_uid == os.getuid()
            return stream.read(limit) if ours and state.st_size <= limit else None
    except OSError:
        return None


def write_cached(path: Path, content: bytes) -> None:
    """Write a cache file as a whole or not at all; a folder that can't be written is no error."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, content, lasting=False, mode=0o600)
