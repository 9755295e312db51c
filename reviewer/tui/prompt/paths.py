"""Completes paths, without entering anything."""

from __future__ import annotations

import os
import shlex
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from reviewer.report.escape.terminal import acts

_MOST_NAMES: Final = 2000
"""Names of a folder that are looked at."""


class PathChoice(NamedTuple):
    """A path that a word may become."""

    word: str
    """Quoted as the prompt reads it; a folder ends with a slash."""
    is_folder: bool


def complete_path(word: str) -> list[PathChoice]:
    """Return the paths that begin like a word, folders first; names with control characters are left out."""
    begun = word.lstrip("'\"")
    parent, _, start = begun.rpartition("/")
    shown = f"{parent}/" if "/" in begun else ""
    folder = Path(shown or ".").expanduser()
    found: list[PathChoice] = []
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, _MOST_NAMES):
                name = entry.name
                hidden = name.startswith(".") and not start.startswith(".")
                if hidden or not name.casefold().startswith(start.casefold()) or any(map(acts, name)):
                    continue
                is_folder = entry.is_dir()
                found.append(PathChoice(_quoted(shown + name + "/" * is_folder), is_folder))
    except OSError:
        return []
    return sorted(found, key=lambda choice: (not choice.is_folder, choice.word))


def _quoted(path: str) -> str:
    if path.startswith("~"):  # quoting would keep the home from being found
        head, _, rest = path.partition("/")
        return f"{head}/{shlex.quote(rest)}" if rest else path
    return shlex.quote(path)
