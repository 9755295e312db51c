"""Decides what becomes of one file: from what was generated last, what is there, and what is generated now."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from reviewer.design.merging.threeway import is_marked, merge

Fate: TypeAlias = Literal[
    "created", "updated", "merged", "collided", "unresolved", "deleted", "yours", "removed", "left", "unchanged"
]
"""What became of a file.

``collided``: an edit and a new answer are at the same place, both stand between marks. ``unresolved``:
the marks of an earlier run are still there. ``deleted``: a person took it away, and it stays away.
``yours``: there is a file that was never generated. ``removed``: it is generated no more, and nobody had
edited it. ``left``: it is generated no more, and somebody had.
"""


class Step(NamedTuple):
    """What is to be done with a file."""

    fate: Fate
    text: str | None = None
    """What is to be written; None where nothing is."""
    base: str | None = None
    """What is remembered as the last generated text; None where the file is forgotten."""


def plan(last: str | None, there: str | None, now: str | None) -> Step:
    """Return the step for a file: generated last, there now, generated now; None where there is none."""
    if now is None:
        return _forgotten(last, there)
    if there is None:
        return Step("created", now, now) if last is None else Step("deleted", None, now)
    if there == now:
        return Step("unchanged", None, now)
    if is_marked(there):
        return Step("unresolved", None, last)
    if last is None:
        return Step("yours", None, None)
    if there == last:
        return Step("updated", now, now)
    merged = merge(last, there, now)
    if merged.collisions:
        return Step("collided", merged.text, now)
    return Step("unchanged" if merged.text == there else "merged", None if merged.text == there else merged.text, now)


def _forgotten(last: str | None, there: str | None) -> Step:
    if last is None or there is None:
        return Step("unchanged")
    return Step("removed") if there == last else Step("left")


def resumed(last: str | None, pending: str | None, there: str | None) -> str | None:
    """Return the base of a file after a run that was cut off: the text that the file on the disk comes from."""
    if pending is None or there is None:
        return last
    if last is None or there == pending or is_marked(there):
        return pending
    return last
