"""Where the sign-off of a path is kept, and how it names subjects."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FOLDER: Final = ".reviewer"
FILE: Final = "signoff.toml"
_MOST_FOLDERS: Final = 64


def signoff_file(path: Path) -> Path:
    """Return the sign-off file for a reviewed path, whether it exists or not.

    It is the nearest one from the path up to the root of its repository; without any, it
    belongs beside what is reviewed: in the folder itself, or in the folder of an archive.
    """
    start = path.absolute()
    top = start if start.is_dir() else start.parent
    for depth, folder in enumerate((top, *top.parents)):
        if depth == _MOST_FOLDERS:
            break
        file = folder / FOLDER / FILE
        if file.is_file():
            return file
        if (folder / ".git").exists():
            break
    return top / FOLDER / FILE


def home_of(file: Path) -> Path:
    """Return the folder that paths in a file are relative to: its own, or the one that holds ``.reviewer``."""
    folder = file.parent
    return folder.parent if folder.name == FOLDER else folder


def subject_name(home: Path, subject: str) -> str:
    """Return how the file names a subject, from the path by which a review names it."""
    return os.path.relpath(Path(subject).absolute(), home).replace(os.sep, "/")


def is_inside(file: Path, path: Path) -> bool:
    """Tell whether a file is part of the folder that is reviewed, so that its author may have written or linked it."""
    if not path.is_dir():
        return False
    named = Path(os.path.normpath(file.absolute())).is_relative_to(Path(os.path.normpath(path.absolute())))
    return named or file.resolve().is_relative_to(path.resolve())
