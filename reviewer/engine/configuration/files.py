"""Finds the configuration files that may govern a path; here none is parsed."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from msgspec import Struct

from reviewer.core.errors import UsageError

FILE: Final = "reviewer.toml"
PROJECT_FILE: Final = "pyproject.toml"
NAMES: Final = (FILE, PROJECT_FILE)
"""In a folder that has both, the first one governs."""
LARGEST: Final = 1_000_000
"""Bytes of a configuration file; of a larger one so much is read as shows that it is larger."""
_MOST_FOLDERS: Final = 64


class ConfigurationFile(Struct, frozen=True):
    """A configuration file with its text.

    ``shown`` is how messages to a person name it; ``stable`` is its path relative to the
    reviewed root, which results name. The root may lie below the file's folder (``below`` is
    then ``packages/a``) or the folder below the root (``above`` is then its path there).
    """

    shown: str
    stable: str
    folder: str
    """The absolute path of the file's folder."""
    text: str
    """The content, with bytes that are not UTF-8 kept as surrogates."""
    inside: bool = False
    """True where the file is part of what is reviewed."""
    explicit: bool = False
    """True where a person named the file."""
    below: str = ""
    above: str = ""

    @property
    def name(self) -> str:
        """The name of the file without its folder."""
        return self.stable.rsplit("/", 1)[-1]

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode("utf-8", "surrogateescape")


def configuration_files(path: Path) -> tuple[ConfigurationFile, ...]:
    """Return the files that may govern a path, nearest first: from it up to the repository's root."""
    start = path.absolute()
    is_folder = start.is_dir()
    top = start if is_folder else start.parent
    found: list[ConfigurationFile] = []
    for depth, folder in enumerate((top, *top.parents)):
        if depth == _MOST_FOLDERS:
            break
        for name in NAMES:
            text = _text(folder / name)
            if text is not None:
                below = top.relative_to(folder).as_posix() if depth else ""
                stable = "../" * depth + name
                shown = _shown(folder / name)
                inside = is_folder and not depth
                found.append(ConfigurationFile(shown, stable, str(folder), text, inside=inside, below=below))
        if (folder / ".git").exists():
            break
    return tuple(found)


def named_configuration(name: str, path: Path) -> ConfigurationFile:
    """Return the file that a person named; raises `UsageError` where it can't be read."""
    file = Path(name).absolute()
    top = path.absolute() if path.is_dir() else path.absolute().parent
    text = _text(file, must=True)
    if text is None:
        raise UsageError(f"{name}: there is no such configuration file")
    stable = os.path.relpath(file, top).replace(os.sep, "/")
    above = below = ""
    if top != file.parent and top.is_relative_to(file.parent):
        below = top.relative_to(file.parent).as_posix()
    elif top != file.parent and file.parent.is_relative_to(top):
        above = file.parent.relative_to(top).as_posix()
    return ConfigurationFile(name, stable, str(file.parent), text, explicit=True, below=below, above=above)


def _text(path: Path, *, must: bool = False) -> str | None:
    """Return the text of a regular file, or None where there is none."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        if must and path.exists():
            raise UsageError(f"{path}: can't be read: {error.strerror}") from error
        return None
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        content = stream.read(LARGEST + 1)
    return content.decode("utf-8", "surrogateescape")


def _shown(path: Path) -> str:
    """Return a path as a person in the current folder writes it."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return str(path)
