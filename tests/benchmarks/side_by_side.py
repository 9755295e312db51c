"""Holds what another judge says of plugins against what the review says, and tells why where they differ."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from measure import Measured, MeasureError, reviewer, run, seconds, table


@dataclass(frozen=True, slots=True)
class Pair:
    """What the other judge says, the rules of ours that say the same, and why we are silent where none does."""

    theirs: str
    """A regular expression that finds the message, or the name of a rule."""
    ours: tuple[str, ...] = ()
    why: str = ""


@dataclass(slots=True)
class Agreement:
    """What was found over all plugins."""

    both: Counter[str] = field(default_factory=Counter)
    theirs: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)
    """What one side alone says, a line each."""

    def print(self, judge: str, pairs: list[Pair], *, all_places: bool) -> None:
        """Print the tables: agreement by kind, what the other judge alone says and why, and what we alone say."""
        kinds = sorted({*self.both, *self.theirs, *self.ours})
        rows = [[kind, str(self.both[kind]), str(self.theirs[kind]), str(self.ours[kind])] for kind in kinds]
        table("What both judge", ["kind", "both", f"{judge} alone", "review alone"], rows)
        unjudged = [[pair.theirs, pair.why] for pair in pairs if pair.why]
        table(f"What {judge} says and we don't", ["kind", "why"], unjudged)
        for line in self.places if all_places else ():
            sys.stdout.write(f"{line}\n")


def ours(folder: Path) -> tuple[Measured, list[dict[str, object]]]:
    """Review a folder, the process start included, and return what it cost and what it found."""
    with tempfile.TemporaryDirectory() as cache:
        command = [
            *reviewer(),
            "review",
            "--format",
            "json",
            "--fail-on",
            "none",
            "--no-cache",
            "--auditor",
            str(folder),
        ]
        done = run(command, variables={"REVIEWER_CACHE_DIR": cache}, codes=(0, 3, 4), memory=True)
    if done.code == 3:
        return done, []
    return done, [one for review in json.loads(done.output)["reviews"] for one in review["findings"]]


def theirs(command: list[str], cwd: Path) -> Measured:
    """Run the other judge with both of its outputs joined; any exit code is an answer."""
    joined = ["sh", "-c", 'exec "$@" 2>&1', "sh", *command]
    with tempfile.TemporaryDirectory() as home:  # a home of its own keeps a person's settings out
        return run(joined, cwd=cwd, variables={"HOME": home, "CI": "true"}, codes=range(256), memory=True)


def kind_of(message: str, pairs: list[Pair]) -> Pair | None:
    """Return what a message of the other judge is about."""
    return next((pair for pair in pairs if re.search(pair.theirs, message)), None)


def costs(judge: str, mine: list[Measured], other: list[Measured]) -> None:
    """Print what both cost over the same plugins, as sums and as ratios."""
    if not mine or not other:
        raise MeasureError("there was nothing to compare")
    rows = []
    base = (sum(one.cpu for one in mine), sum(one.wall for one in mine), max(one.peak for one in mine))
    for name, runs in (("reviewer", mine), (judge, other)):
        cpu, wall, peak = sum(one.cpu for one in runs), sum(one.wall for one in runs), max(one.peak for one in runs)
        ratios = [f"{cpu / base[0]:.1f}", f"{wall / base[1]:.1f}", f"{peak / base[2]:.1f}"]
        rows.append([name, seconds(cpu), seconds(wall), f"{peak / 1e6:.0f} MB", *ratios])
    head = ["judge", "CPU", "wall", "largest memory", "CPU / ours", "wall / ours", "memory / ours"]
    table(f"What {len(mine)} plugins cost, one process each", head, rows)
