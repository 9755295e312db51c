"""Opens whatever a person named: a folder, a file, or an archive."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError, UsageError
from reviewer.core.nearest import did_you_mean
from reviewer.subject.folder import FileRoot, FolderRoot, read_regular
from reviewer.subject.limits import MAX_ARCHIVE_BYTES
from reviewer.subject.sources import is_source

if TYPE_CHECKING:
    from reviewer.core.settings import Settings
    from reviewer.subject.model import Root

ZIP_SUFFIXES: Final = (".zip", ".vsix", ".xpi", ".crx", ".whl", ".mcpb")
TAR_SUFFIXES: Final = (".tgz", ".tar.gz", ".tar")
_START: Final = 512
_OTHER_PACKING: Final = (
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a", "RAR"),
)
_MOST_NAMES: Final = 10_000


def open_root(path: Path, settings: Settings) -> Root:
    """Open a folder, a single file or an archive for reading.

    What a file is, its content decides, or else its suffix. Raises `UsageError` for a path that
    does not exist, `UnreadableError` for one that can't be opened safely.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"{path}: does not exist{_near(path)}") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableError(f"{path}: can't be opened: {reason.lower()}") from error
    if stat.S_ISDIR(mode):
        return FolderRoot(path, settings.exclude)
    kind = _archive_kind(path) if stat.S_ISREG(mode) else ""
    if not kind:
        return FileRoot(path)
    data = read_regular(path, MAX_ARCHIVE_BYTES, str(path))
    # Imported where they are needed: a review of a folder starts without them.
    if kind == "zip":
        from reviewer.subject.archive_zip import ZipRoot

        return ZipRoot(str(path), data)
    from reviewer.subject.archive_tar import open_tar

    return open_tar(str(path), data)


def _archive_kind(path: Path) -> str:
    """Return ``zip`` or ``tar``, or an empty string for a file that is to be read as it is."""
    if is_source(path.name):
        return ""
    start = _first_bytes(path)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"Cr24")):
        return "zip"
    if start.startswith(b"\x1f\x8b") or start[257:262] == b"ustar":
        return "tar"
    name = path.name.lower()
    if name.endswith((*ZIP_SUFFIXES, *TAR_SUFFIXES)):
        for mark, packing in _OTHER_PACKING:
            if start.startswith(mark):
                raise UnreadableError(
                    f"{path}: is packed with {packing}, which is not read; pack it as .zip or .tar.gz"
                )
    if name.endswith(ZIP_SUFFIXES):
        return "zip"
    return "tar" if name.endswith(TAR_SUFFIXES) else ""


def _first_bytes(path: Path) -> bytes:
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return os.read(file, _START)
        finally:
            os.close(file)
    except OSError as error:
        raise UnreadableError(f"{path}: can't be read: {(error.strerror or str(error)).lower()}") from error


def _near(path: Path) -> str:
    """Name what a person may have meant: the nearest name beside the path, or the folder that exists."""
    missing = path
    while not missing.parent.is_dir() and missing.parent != missing:
        missing = missing.parent
    try:
        with os.scandir(missing.parent) as found:
            names = [one.name for one, _ in zip(found, range(_MOST_NAMES), strict=False)]
    except OSError:
        return ""
    hint = did_you_mean(missing.name, names)
    if hint:
        return hint
    return "" if missing == path else f"; there is no {missing.name!r} in {missing.parent}"
