"""Keeps texts by key in the cache folder; what is damaged counts as absent."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from reviewer.library.cache import cache_folder, read_cached, write_cached

_LARGEST: Final = 64_000_000
_MOST: Final = 200
"""Entries of one store; beyond, the oldest go."""


class Store:
    """A folder of entries; each is a line with its checksum, and the content."""

    def __init__(self, name: str) -> None:
        """Find the folder; it may be that there is none, and then nothing is kept."""
        folder = cache_folder()
        self._folder = folder / name if folder is not None else None

    def get(self, key: str) -> str | None:
        """Return what was kept under a key, or None."""
        if not key or self._folder is None:
            return None
        content = read_cached(self._folder / key, _LARGEST)
        if content is None:
            return None
        head, _, body = content.partition(b"\n")
        return body.decode("utf-8", "surrogatepass") if head == _checksum(key, body) else None

    def put(self, key: str, text: str) -> None:
        """Keep a text; a folder that can't be written is no error."""
        body = text.encode("utf-8", "surrogatepass")
        if not key or self._folder is None or len(body) > _LARGEST:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _prune(self._folder)
        except OSError:
            return
        write_cached(self._folder / key, _checksum(key, body) + b"\n" + body)


def _checksum(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + body).hexdigest().encode()


def _prune(folder: Path) -> None:
    """Make room for one more entry."""
    with os.scandir(folder) as entries:
        found = [
            (entry.stat(follow_symlinks=False).st_mtime_ns, entry.path)
            for entry in entries
            if entry.is_file(follow_symlinks=False)
        ]
    for _, path in sorted(found)[: max(0, len(found) - _MOST + 1)]:
        Path(path).unlink(missing_ok=True)
