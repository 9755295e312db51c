"""Which lines of a path's files are not as they were in a revision; worked out where it can be killed."""

from __future__ import annotations

import hashlib
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError, UsageError
from reviewer.core.settings import Settings
from reviewer.subject.history import History
from reviewer.subject.open import open_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewer.engine.job import Job
    from reviewer.subject.model import Root
    from reviewer.subject.snapshot import Snapshot

Ranges = list[tuple[int, int]]
"""First and last line of each stretch that has changed."""
_MOST_LINES: Final = 20_000
"""Lines of a file beyond which all between the first and the last change counts as changed."""
_ALIKE: Final = 0.5
"""Share of its lines that a moved file has in common with the one that it was."""
_MOST_MOVED: Final = 200


def changes(job: Job) -> dict[str, Ranges]:
    """Return the changed lines by path in the root; a file that has not changed is not in it.

    Raises `UsageError` where the path is an archive or in no repository, or the revision is none.
    """
    path = Path(job.path)
    root = open_root(path, Settings())
    if root.archive:
        raise UsageError(f"--changed-since: {job.name} is an archive and has no history; unpack it into its repository")
    folder = path if path.is_dir() else path.parent
    snapshot = History(folder).at(job.since, folder)
    fresh: list[str] = []
    found: dict[str, Ranges] = {}
    for name in root.entries:
        data = _read(root, name)
        if data is None:
            continue
        if name not in snapshot.ids:
            fresh.append(name)
        elif _blob(data) != snapshot.ids[name].decode():
            found[name] = changed_lines(_lines(snapshot.read(name)), _lines(data))
    gone = [name for name in snapshot.ids if name not in root.entries]
    for name in fresh:
        found[name] = _of_new(name, _read(root, name) or b"", gone, snapshot)
    return {name: ranges for name, ranges in found.items() if ranges}


def changed_lines(before: Sequence[str], after: Sequence[str]) -> Ranges:
    """Return the lines of ``after`` that are not lines of ``before`` in the same order."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if not new:
        return []
    if not old or max(len(old), len(new)) > _MOST_LINES:
        return [(start + 1, start + len(new))]
    matcher = SequenceMatcher(None, old, new)
    return [
        (start + first + 1, start + last)
        for tag, _i, _j, first, last in matcher.get_opcodes()
        if tag != "equal" and last > first
    ]


def _of_new(name: str, data: bytes, gone: Sequence[str], snapshot: Snapshot) -> Ranges:
    """Return the changed lines of a file that was not there: all of them, unless it was moved."""
    lines = _lines(data)
    blob = _blob(data)
    moved = next((old for old in gone if snapshot.ids[old].decode() == blob), "")
    if moved:
        return []
    ending = name.rpartition(".")[2]
    best, score = None, _ALIKE
    for old in [one for one in gone if one.rpartition(".")[2] == ending][:_MOST_MOVED]:
        was = _lines(snapshot.read(old))
        common = sum((Counter(was) & Counter(lines)).values()) / max(len(was), len(lines), 1)
        if common > score:
            best, score = was, common
    return [(1, max(len(lines), 1))] if best is None else changed_lines(best, lines)


def _read(root: Root, name: str) -> bytes | None:
    try:
        return root.read(name)
    except UnreadableError:
        return None  # the review says so


def _lines(data: bytes) -> list[str]:
    return [line.removesuffix("\r") for line in data.decode("utf-8", "replace").split("\n")]


def _blob(data: bytes) -> str:
    """Return the id that git gives to a content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def touches(ranges: Iterable[tuple[int, int]], first: int, last: int) -> bool:
    """Tell whether a stretch of lines has a line that changed."""
    return any(start <= last and first <= end for start, end in ranges)
