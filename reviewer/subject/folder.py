"""Folders and single files on disk, walked and read without ever leaving them."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError
from reviewer.core.review import Skipped
from reviewer.subject.globs import PathGlobs
from reviewer.subject.limits import MAX_DEPTH, MAX_FILE_BYTES, MAX_FILES, amount
from reviewer.subject.model import ArchiveProblem, Entry
from reviewer.subject.not_entered import not_entered
from reviewer.subject.sources import is_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FILE_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER_FLAGS: Final = _FILE_FLAGS | os.O_DIRECTORY


def too_large(path: str, size: int) -> Skipped:
    """Name a file that is over the size limit; one that is source is missed."""
    reason = f"larger than {amount(MAX_FILE_BYTES)} ({amount(size)})"
    return Skipped(path, reason, matters=is_source(path))


class FolderRoot:
    """A folder on disk.

    Links are never followed and nothing but regular files is opened. What was seen at the start
    is what can be read: a folder or file that is exchanged later is refused.
    """

    archive = False

    def __init__(self, path: Path, exclude: tuple[str, ...] = (), *, name: str = "") -> None:
        """Walk the folder; raises `UnreadableError` where it can't be opened at all."""
        self.name = name or str(path)
        self.entries: dict[str, Entry] = {}
        self.skipped: list[Skipped] = []
        self.problems: list[ArchiveProblem] = []
        self._path = path
        self._globs = PathGlobs(exclude)
        self._names = self._folders = 0
        try:
            top = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise UnreadableError(f"{self.name}: can't be opened: {_reason(error)}") from error
        found = os.fstat(top)
        self._identity = (found.st_dev, found.st_ino)
        self._walk(top)
        self.entries = {path: self.entries[path] for path in sorted(self.entries)}
        self.skipped.sort(key=lambda one: (one.path, one.reason))

    def read(self, path: str) -> bytes:
        """Return the content of an entry; raises `UnreadableError` where it grew, changed or can't be read."""
        if path not in self.entries:
            raise UnreadableError(f"{self.name}: there is no file {path!r} to read")
        try:
            with self._opened(path) as file:
                if not stat.S_ISREG(os.fstat(file).st_mode):
                    raise UnreadableError(f"{path}: is no regular file any more")
                return _read(file, path)
        except OSError as error:
            raise UnreadableError(f"{path}: can't be read: {_reason(error)}") from error

    @contextmanager
    def _opened(self, path: str) -> Iterator[int]:
        """Open a file one folder at a time, so that no link on the way is followed."""
        *folders, name = path.split("/")
        here = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            found = os.fstat(here)
            if (found.st_dev, found.st_ino) != self._identity:
                raise UnreadableError(f"{self.name}: is another folder than the one that was listed")
            for folder in folders:
                deeper = os.open(folder, _FOLDER_FLAGS, dir_fd=here)
                os.close(here)
                here = deeper
            file = os.open(name, _FILE_FLAGS, dir_fd=here)
        finally:
            os.close(here)
        try:
            yield file
        finally:
            os.close(file)

    def _walk(self, top: int) -> None:
        """Go through the tree with one open folder per level and no recursion."""
        stack: list[tuple[int, str, Iterator[str]]] = []
        try:
            stack.append((top, "", iter(self._list(top, ""))))
            while stack:
                folder, prefix, names = stack[-1]
                name = next(names, None)
                if name is None or self._full(prefix):
                    os.close(folder)
                    stack.pop()
                    continue
                deeper = self._look_at(folder, prefix, name, len(stack))
                if deeper is not None:
                    below = f"{prefix}{name}/"
                    stack.append((deeper, below, iter(self._list(deeper, below))))
        finally:
            for folder, _, _ in stack:
                os.close(folder)

    def _full(self, prefix: str) -> bool:
        if self._names < MAX_FILES and self._folders < MAX_FILES:
            return False
        reason = f"more than {MAX_FILES:,} files or folders; the rest was not looked at"
        if not any(one.reason == reason for one in self.skipped):
            self.skipped.append(Skipped(prefix.rstrip("/") or ".", reason, matters=True))
        return True

    def _list(self, folder: int, prefix: str) -> list[str]:
        self._folders += 1
        try:
            with os.scandir(folder) as found:
                return sorted(islice((one.name for one in found), MAX_FILES + 1), key=os.fsencode)
        except OSError as error:
            self._skip(prefix.rstrip("/") or ".", f"can't be listed: {_reason(error)}", matters=True)
            return []

    def _look_at(self, folder: int, prefix: str, name: str, depth: int) -> int | None:
        """Note a file or say why not; return the opened folder where the name is one to enter."""
        path = prefix + name
        try:
            path.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(path).decode("utf-8", "backslashreplace")
            self._skip(shown, "its name is not UTF-8", matters=is_source(path))
            return None
        glob = self._globs.match(path)
        if glob is not None:
            self._skip(path, f"excluded by {glob!r}")
            return None
        try:
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISDIR(found.st_mode):
                return self._enter(folder, name, path, depth)
            self._note(folder, name, path, found)
        except OSError as error:
            self._skip(path, f"can't be looked at: {_reason(error)}", matters=is_source(path))
        return None

    def _enter(self, folder: int, name: str, path: str, depth: int) -> int | None:
        why = not_entered(name)
        if why:
            self._skip(path, f"{why}, not reviewed")
            return None
        if depth > MAX_DEPTH:
            self._skip(path, f"deeper than {MAX_DEPTH} folders", matters=True)
            return None
        try:
            return os.open(name, _FOLDER_FLAGS, dir_fd=folder)
        except OSError as error:
            self._skip(path, f"can't be opened: {_reason(error)}", matters=True)
            return None

    def _note(self, folder: int, name: str, path: str, found: os.stat_result) -> None:
        mode = found.st_mode
        if stat.S_ISLNK(mode):
            self._names += 1
            self.skipped.append(self._link(os.readlink(name, dir_fd=folder), path))
        elif not stat.S_ISREG(mode):
            self._skip(path, f"{_kind(mode)}, not a file", matters=is_source(path))
        elif found.st_size > MAX_FILE_BYTES:
            self._names += 1
            self.skipped.append(too_large(path, found.st_size))
        else:
            self._names += 1
            self.entries[path] = Entry(path, found.st_size)

    def _skip(self, path: str, reason: str, *, matters: bool = False) -> None:
        self._names += 1
        self.skipped.append(Skipped(path, reason, matters))

    def _link(self, target: str, path: str) -> Skipped:
        shown = target.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        inside = inside_target(path, shown)
        if inside is None:
            return Skipped(path, f"link out of the folder, to {shown}", matters=is_source(path))
        return Skipped(path, f"link to {inside or '.'}")


def inside_target(path: str, target: str) -> str | None:
    """Return where a link at ``path`` leads, as a path from the root, or None where it leads out.

    The answer is worked out on the names alone; further links on the way are not looked at,
    which is enough because no link is ever followed.
    """
    if target.startswith(("/", "\\")) or target[1:2] == ":":
        return None
    parts = path.split("/")[:-1]
    for part in target.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


class FileRoot:
    """One file on disk, named on the command line; a link to it is followed, as the person meant."""

    archive = False

    def __init__(self, path: Path, *, name: str = "") -> None:
        """Look at the file; raises `UnreadableError` where it is no regular file or over the limit."""
        self.name = name or str(path)
        self._path = path
        self.skipped: list[Skipped] = []
        self.problems: list[ArchiveProblem] = []
        size = len(read_regular(path, MAX_FILE_BYTES, self.name))
        self.entries = {path.name: Entry(path.name, size)}

    def read(self, path: str) -> bytes:
        """Return the content of the file; raises `UnreadableError` where it can't be read any more."""
        if path not in self.entries:
            raise UnreadableError(f"{self.name}: there is no file {path!r} to read")
        return read_regular(self._path, MAX_FILE_BYTES, self.name)


def read_regular(path: Path, most: int, name: str) -> bytes:
    """Return the content of a regular file of at most ``most`` bytes, else raise `UnreadableError`.

    The file is opened without waiting, so that a pipe can't hold the reader up.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableError(f"{name}: can't be read: {_reason(error)}") from error
    try:
        mode = os.fstat(file).st_mode
        if not stat.S_ISREG(mode):
            raise UnreadableError(f"{name}: is {_kind(mode)}, not a file; name a file or a folder")
        return _read(file, name, most)
    except OSError as error:
        raise UnreadableError(f"{name}: can't be read: {_reason(error)}") from error
    finally:
        os.close(file)


def _read(file: int, name: str, most: int = MAX_FILE_BYTES) -> bytes:
    pieces: list[bytes] = []
    left = most + 1
    while left > 0:
        piece = os.read(file, min(left, 1 << 20))
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        left -= len(piece)
    raise UnreadableError(f"{name}: is larger than {amount(most)}")


def _kind(mode: int) -> str:
    for fits, word in _KINDS:
        if fits(mode):
            return word
    return "something unknown"


_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISLNK, "a link"),
)


def _reason(error: OSError) -> str:
    """Say what the system said, without its number and without the path in front of it."""
    return (error.strerror or type(error).__name__).lower()
