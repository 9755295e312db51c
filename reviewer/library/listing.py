"""Lists the files of the library, without reading them."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.library.plain_file import open_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SUFFIXES: Final = (".md", ".toml", ".json", ".yaml", ".yml")
_OWN_SUFFIXES: Final = (*_SUFFIXES, ".py")
"""A person's own skills may hold checks in Python; a change of one is a change of the rules."""
_DEPTH: Final = 6
"""Folders below a root; the deepest part of the library is ``ecosystems/<name>/rules``."""
_FILES: Final = 10_000


class Root(NamedTuple):
    """A folder of the library, and how its files are named to a person."""

    path: str
    shown: str
    """First part of every shown path: ``agents``, ``skills``, or the name of a user's folder."""
    own: bool
    """True for a user's own folder of skills."""


class File(NamedTuple):
    """One data file; the numbers are there to notice a change."""

    shown: str
    path: str
    own: bool
    size: int
    modified: int
    changed: int


class TooManyFilesError(Exception):
    """A root holds more files than a library can have; most likely it is not a folder of skills."""


def list_files(roots: Iterable[Root]) -> list[File]:
    """Return the data files of all roots, sorted by shown path; raises OSError and `TooManyFilesError`."""
    found: list[File] = []
    for root in roots:
        for file in _walk(root, root.path, root.shown, 0):
            found.append(file)
            if len(found) > _FILES:
                raise TooManyFilesError(root.path)
    found.sort()
    return found


def listing_key(roots: Iterable[Root], files: Iterable[File], version: str) -> str:
    """Return a digest that changes when a file is added, removed or written, or the version changes."""
    lines = [version, *(f"{root.path}\0{root.shown}" for root in roots)]
    lines += [f"{file.shown}\0{file.size}\0{file.modified}\0{file.changed}" for file in files]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def sizes_key(files: Iterable[File]) -> str:
    """Return a digest of the names and sizes of files, the same on every machine."""
    lines = (f"{file.shown}\0{file.size}" for file in files)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def content_key(files: Iterable[File]) -> str:
    """Return a digest of the names and the bytes of files, the same on every machine; raises OSError."""
    digest = hashlib.sha256()
    for file in files:
        with open_plain(file.path, follow=True) as stream:
            content = stream.read()
        digest.update(f"{file.shown}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()


def _walk(root: Root, folder: str, shown: str, depth: int) -> Iterator[File]:
    """Yield the data files below a folder; links are followed, because installers make them."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "__")):
                continue
            name = f"{shown}/{entry.name}"
            if entry.name.endswith(_OWN_SUFFIXES if root.own else _SUFFIXES):
                state = entry.stat()
                if entry.is_file():
                    yield File(name, entry.path, root.own, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
            elif depth < _DEPTH and entry.is_dir():
                yield from _walk(root, entry.path, name, depth + 1)
