"""A digest of every byte of a path that a review could read, without understanding any."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING, Final

from reviewer.subject.limits import MAX_FILE_BYTES
from reviewer.subject.not_entered import not_entered

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES: Final = 256_000_000
"""Bytes of a path beyond which finding out whether it is the same costs too much."""
_MOST_NAMES: Final = 50_000
_DEEPEST: Final = 64
_FILE_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_CHUNK: Final = 1_000_000


class _TooMuchError(Exception):
    """The path holds more than is worth a digest."""


def content_digest(path: Path, *, without: frozenset[str] = frozenset()) -> str:
    """Return a digest of a folder's or a file's content; empty where there is none worth having.

    Links are not followed: where they lead is part of the digest. What can't be read, or is
    over the limit of a review, counts by its size alone. What lies at the top under a name in
    ``without`` does not count.
    """
    try:
        if path.is_dir():
            return _Folder(path, without).digest if os.open in os.supports_dir_fd else ""
        return _of_file(path)
    except (OSError, _TooMuchError):
        return ""


def _of_file(path: Path) -> str:
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Folder:
    """Goes through a folder by open folders alone, so that no link is followed on the way."""

    def __init__(self, path: Path, without: frozenset[str]) -> None:
        self._without = without
        self._whole = hashlib.sha256()
        self._bytes = self._names = 0
        top = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            self._enter(top, b"", 0)
        finally:
            os.close(top)
        self.digest = self._whole.hexdigest()

    def _enter(self, folder: int, prefix: bytes, depth: int) -> None:
        for name in sorted(os.listdir(folder)):
            self._names += 1
            if self._names > _MOST_NAMES or depth > _DEEPEST:
                raise _TooMuchError
            if not depth and name in self._without:
                continue
            state = os.stat(name, dir_fd=folder, follow_symlinks=False)
            path = prefix + name.encode("utf-8", "surrogateescape")
            if stat.S_ISDIR(state.st_mode):
                self._add(path, b"folder")
                if not not_entered(name):
                    self._below(folder, name, path, depth)
            elif stat.S_ISREG(state.st_mode):
                self._add(path, self._content(folder, name, state.st_size))
            elif stat.S_ISLNK(state.st_mode):
                target = os.readlink(name, dir_fd=folder)
                self._add(path, b"link " + target.encode("utf-8", "surrogateescape"))
            else:
                self._add(path, b"special")

    def _below(self, folder: int, name: str, path: bytes, depth: int) -> None:
        try:
            deeper = os.open(name, _FILE_FLAGS | getattr(os, "O_DIRECTORY", 0), dir_fd=folder)
        except OSError:
            self._add(path, b"unreadable")
            return
        try:
            self._enter(deeper, path + b"/", depth + 1)
        finally:
            os.close(deeper)

    def _content(self, folder: int, name: str, size: int) -> bytes:
        """Return what stands for a file's content."""
        self._bytes += min(size, MAX_FILE_BYTES)
        if self._bytes > _MOST_BYTES:
            raise _TooMuchError
        if size > MAX_FILE_BYTES:
            return b"too large %d" % size
        try:
            file = os.open(name, _FILE_FLAGS, dir_fd=folder)
        except OSError:
            return b"unreadable"
        try:
            digest = hashlib.sha256()
            while part := os.read(file, _CHUNK):
                digest.update(part)
            return digest.digest()
        finally:
            os.close(file)

    def _add(self, path: bytes, content: bytes) -> None:
        self._whole.update(b"%d %b%d %b" % (len(path), path, len(content), content))
