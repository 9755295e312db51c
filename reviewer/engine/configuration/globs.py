"""Carries path globs from the folder they were written in to the folder that paths are relative to.

A glob without a slash (``*.min.js``) speaks of a name at any depth; one with a slash is anchored
where it was written; see `reviewer.subject.globs`.
"""

from __future__ import annotations

from fnmatch import fnmatchcase


def into_folder(glob: str, folder: str) -> tuple[str, ...]:
    """Restate a glob for paths relative to ``folder``, a folder below the glob's own (``packages/a``).

    The result is empty where the glob can't mean anything in there, and has several globs where
    ``**`` may end at several depths.
    """
    parts = tuple(part for part in glob.removeprefix("./").split("/") if part)
    if not folder or not _anchored(glob):
        return (glob,)
    rests = sorted(_rests(parts, tuple(part for part in folder.split("/") if part)))
    return tuple("/" + "/".join(rest) for rest in rests)


def out_of_folder(glob: str, folder: str) -> str:
    """Restate a glob written in ``folder`` for paths relative to a folder above it."""
    if not folder:
        return glob
    inner = glob.removeprefix("./").strip("/")
    return f"{folder.strip('/')}/{inner if _anchored(glob) else '**/' + inner}"


def _anchored(glob: str) -> bool:
    return "/" in glob.removeprefix("./").rstrip("/")


def _rests(parts: tuple[str, ...], folder: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return what is left of a glob's parts after they took up the parts of a folder."""
    if not folder or not parts:
        return {parts or ("**",)}
    if parts[0] == "**":
        return _rests(parts[1:], folder) | _rests(parts, folder[1:])
    if fnmatchcase(folder[0], parts[0]):
        return _rests(parts[1:], folder[1:])
    return set()
