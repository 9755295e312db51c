"""Folders that hold one subject in each folder and each archive."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError
from reviewer.market.records import Entry
from reviewer.subject.not_entered import not_entered
from reviewer.subject.open import TAR_SUFFIXES, ZIP_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

ARCHIVES: Final = (*ZIP_SUFFIXES, *TAR_SUFFIXES)
_LINK: Final = "is a link; name what it leads to in a list, or as a source of its own"


def entries_in(source: str, folder: Path, scope: str = "") -> Iterator[Entry]:
    """Yield what a folder holds, sorted by name; raises `UsageError` where it can't be listed.

    Folders named like ``@scope`` hold the subjects of a scope, as npm lays them out. Files that
    are no archives, and hidden folders, are no subjects.
    """
    try:
        with os.scandir(folder) as found:
            children = sorted(found, key=lambda one: os.fsencode(one.name))
    except OSError as error:
        raise UsageError(f"{folder}: can't be listed: {(error.strerror or str(error)).lower()}") from error
    for child in children:
        name = child.name
        archive = name.lower().endswith(ARCHIVES)
        if name.startswith(".") or not_entered(name):
            continue
        if child.is_symlink():
            if archive or child.is_dir():
                yield Entry(source, scope + _bare(name), child.path, refused=_LINK)
        elif child.is_dir():
            if name.startswith("@") and not scope:
                yield from entries_in(source, Path(child.path), f"{name}/")
            else:
                yield Entry(source, scope + name, child.path)
        elif archive and child.is_file():
            yield Entry(source, scope + _bare(name), child.path)


def entry_at(source: str, path: Path) -> Entry:
    """Return the entry of an archive that is a source by itself."""
    return Entry(source, _bare(path.name), str(path))


def _bare(name: str) -> str:
    """Return the name of an archive without its ending."""
    ending = next((one for one in sorted(ARCHIVES, key=len, reverse=True) if name.lower().endswith(one)), "")
    return name[: len(name) - len(ending)] or name
