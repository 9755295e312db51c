"""Writes files that a person keeps beside a repository, and through no link."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from reviewer.core.errors import UsageError
from reviewer.core.whole_file import replace_file

if TYPE_CHECKING:
    from pathlib import Path


def keep(file: Path, text: str) -> None:
    """Write a file, its folder too where it is missing; raises `UsageError`.

    Whoever reads it at any moment sees the old content or the new. Nothing is written through a
    link: a repository may have brought it along.
    """
    try:
        if file.parent.is_symlink() and file.parent.name.startswith("."):
            raise UsageError(f"{file.parent}: is a link, so nothing is written to where it leads")
        file.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(file) and not stat.S_ISREG(file.lstat().st_mode):
            raise UsageError(f"{file}: is no plain file, so nothing is written to it")
        replace_file(file, text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: can't be written: {error.strerror or error}") from error
