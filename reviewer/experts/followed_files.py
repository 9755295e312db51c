"""The files that some files lead to, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST: Final = 3_000
"""Files that are followed: a bound against subjects made to be slow."""


def followed_files(inquiry: Inquiry, starts: Iterable[str], leads: Callable[[Module], Iterable[str]]) -> frozenset[str]:
    """Return the paths that are reached from ``starts``; ``leads`` gives those of one file, empty for one outside."""
    waiting = list(starts)
    seen = set(waiting)
    while waiting and len(seen) < _MOST:
        module = inquiry.project.module(waiting.pop())
        for path in leads(module) if module is not None else ():
            if path and path not in seen:
                seen.add(path)
                waiting.append(path)
    return frozenset(seen)
