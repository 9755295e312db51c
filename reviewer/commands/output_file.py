"""Writes a report to a file as a whole or not at all, whichever face asks for it."""

from __future__ import annotations

import stat
from pathlib import Path

from reviewer.core.errors import UsageError
from reviewer.core.whole_file import replace_file


class OutputError(Exception):
    """The report could not be written; the message is for a person, or empty where nobody listens."""


def write_file(name: str, text: str) -> None:
    """Write a report file as a whole or not at all; raises `OutputError` or `UsageError`."""
    path = Path(name)
    content = text.encode("utf-8", "backslashreplace")
    try:
        state = path.lstat()
    except OSError:
        state = None
    if path.is_dir():
        raise UsageError(f"--output: {name} is a folder; name a file in it")
    special = state is not None and not stat.S_ISREG(state.st_mode) and path.exists() and not path.is_file()
    if state is not None and stat.S_ISLNK(state.st_mode) and not special:
        raise UsageError(f"--output: {name} is a link; name the file that it leads to")
    try:
        if special:
            path.write_bytes(content)  # a terminal, a pipe: nothing to replace
        else:
            replace_file(path, content)
    except OSError as error:
        raise OutputError(f"{name} can't be written: {error.strerror}") from error
