"""Path globs: ``*`` inside a folder name, ``**`` for any number of folders."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase


class PathGlobs:
    """Several globs asked at once.

    A glob without ``/`` fits a name at any depth; one with ``/`` fits from the root. A glob that
    fits a folder fits all that is in it. Matching takes time linear in path and glob.
    """

    def __init__(self, globs: Iterable[str]) -> None:
        """Split the globs once."""
        self._globs = [(glob, _parts(glob)) for glob in globs]

    def __bool__(self) -> bool:
        """Tell whether there is any glob."""
        return bool(self._globs)

    def match(self, path: str) -> str | None:
        """Return the first glob that fits the path or a folder above it, or None."""
        if not self._globs:
            return None
        names = path.split("/")
        for glob, parts in self._globs:
            if _fits_prefix(parts, names):
                return glob
        return None


def glob_fits(glob: str, path: str) -> bool:
    """Tell whether one glob fits a path as a whole; a glob without ``/`` fits a name at any depth."""
    names = path.split("/")
    return len(names) in _reach(_parts(glob), names)


def _parts(glob: str) -> list[str]:
    glob = glob.removeprefix("./").rstrip("/")
    anchored = "/" in glob
    parts = [part for part in glob.split("/") if part]
    return parts if anchored else ["**", *parts]


def _fits_prefix(parts: list[str], names: list[str]) -> bool:
    return any(length > 0 for length in _reach(parts, names))


def _reach(parts: list[str], names: list[str]) -> set[int]:
    """Return how many leading names the whole glob can take up."""
    reached = {0}
    for part in parts:
        if part == "**":
            reached = set(range(min(reached), len(names) + 1)) if reached else reached
        else:
            reached = {at + 1 for at in reached if at < len(names) and _fits(names[at], part)}
    return reached


def _fits(name: str, part: str) -> bool:
    """Tell whether a name fits; a part without wildcards is compared, which spares making a pattern of it."""
    return fnmatchcase(name, part) if any(sign in part for sign in "*?[") else name == part
