"""Writes what is generated into a folder, so that a run which is cut off at any point loses nothing.

First the state takes down all that is about to be written, then the files are written one by one, then
the state takes down that they are. A run that finds texts about to be written knows that the files may
come from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reviewer.core.whole_file import alone
from reviewer.design.merging.disk import Folder
from reviewer.design.merging.planning import Step, plan, resumed
from reviewer.design.merging.state import PLACE, State, load, written
from reviewer.design.merging.written import Written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Planned(NamedTuple):
    """What would become of every file, by path."""

    before: State
    there: dict[str, str | None]
    """What is there now; None for nothing."""
    bases: dict[str, str | None]
    steps: dict[str, Step]


def planned(files: Mapping[str, str], root: Path, place: str = PLACE) -> Planned:
    """Return what writing these texts would do, and write nothing; raises `UsageError` for a damaged state."""
    before = load(root, place)
    folder = Folder(root)
    known = sorted({*files, *before.files, *before.pending})
    there = {path: folder.read(path) for path in known}
    bases = {path: resumed(before.files.get(path), before.pending.get(path), there[path]) for path in known}
    steps = {path: plan(bases[path], there[path], files.get(path)) for path in known}
    return Planned(before, there, bases, steps)


def write_all(files: Mapping[str, str], root: Path, place: str = PLACE) -> Written:
    """Write texts by path, merged with what people have edited; raises `UsageError` where that is not possible.

    ``place`` is where the state stands: one for each kind of output in the same folder. Two runs into a folder
    wait for each other.
    """
    with alone(root / place):
        return _write(files, root, place)


def _write(files: Mapping[str, str], root: Path, place: str) -> Written:
    before, _there, bases, steps = planned(files, root, place)
    folder = Folder(root)
    after = State({path: step.base for path, step in steps.items() if step.base is not None})
    writing = {path: step for path, step in steps.items() if step.text is not None or step.fate == "removed"}
    if writing:
        resolved = {path: base for path, base in bases.items() if base is not None}
        _remember(folder, place, State(resolved, {path: files.get(path, "") for path in writing}))
    for path, step in writing.items():
        if step.text is None:
            folder.remove(path)
        else:
            folder.write(path, step.text)
    if after != before:
        _remember(folder, place, after)
    return Written({path: step.fate for path, step in steps.items()})


def _remember(folder: Folder, place: str, state: State) -> None:
    folder.write(place, written(state), lasting=True)
