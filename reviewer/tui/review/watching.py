"""Notices that files have changed, by their sizes and times, without reading any."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

from reviewer.subject.not_entered import not_entered
from reviewer.tui.review.messages import FilesChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from threading import Event

    from textual.message import Message

_PAUSE: Final = 0.7
"""Seconds between two looks."""
_MOST: Final = 50_000
"""Names that one look takes in."""


def watch(paths: tuple[str, ...], stopped: Event, tell: Callable[[Message], object]) -> None:
    """Tell of every change until it is stopped; for a thread of its own."""
    before = _look(paths)
    while not stopped.wait(_PAUSE):
        now = _look(paths)
        if now != before:
            # An editor writes in several steps: wait until nothing changes any more.
            while not stopped.wait(_PAUSE / 3) and (again := _look(paths)) != now:
                now = again
            before = now
            tell(FilesChanged())


def _look(paths: tuple[str, ...]) -> int:
    """Return a number that is another one after nearly every change."""
    found = []
    for path in paths:
        try:
            state = os.lstat(path)
        except OSError:
            continue
        found.append((path, state.st_size, state.st_mtime_ns))
        found += _below(path)
    return hash(tuple(found))


def _below(top: str) -> Iterator[tuple[str, int, int]]:
    pending, seen = [top], 0
    while pending and seen < _MOST:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    seen += 1
                    if entry.is_dir(follow_symlinks=False):
                        if not not_entered(entry.name):
                            pending.append(entry.path)
                    else:
                        state = entry.stat(follow_symlinks=False)
                        yield entry.path, state.st_size, state.st_mtime_ns
        except OSError:
            continue  # it went away meanwhile, which the next look will see
        if seen % 5000 == 0:
            time.sleep(0)  # let the loop have its turn
