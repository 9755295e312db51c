"""Reviews ever more of real code, in many files and in one function: time must grow no faster than the input."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from inputs import plugin, plugin_of_one_function
from measure import MeasureError, megabytes, middle, reviewer, run, seconds, table, verdict

if TYPE_CHECKING:
    from collections.abc import Callable

UNIT = 60_000
"""Bytes of the smallest input."""
SLACK = 1.1
"""How much the growth of time over the growth of input may exceed one: noise of a shared machine."""
SHAPES = (
    ("many files", plugin, (1, 10, 100)),
    ("one function", plugin_of_one_function, (1, 3, 9)),
)
"""What the code is laid out in, what writes it, and how many units each size has; a file has a size that is read."""


def main() -> int:
    """Measure three sizes of each shape and print a table of each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="runs of each size; the median counts (default: 3)")
    parser.add_argument("--unit", type=int, default=UNIT, help=f"bytes of the smallest input (default: {UNIT})")
    wanted = parser.parse_args()
    head = ["input", "source", "CPU", "wall", "CPU per MB", "time/input growth", f"≤ {SLACK}"]
    try:
        for shape, write, steps in SHAPES:
            rows = measured(write, wanted.unit, steps, wanted.repeat)
            table(f"Growth in {shape}, median of {wanted.repeat}", head, rows)
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


def measured(write: Callable[[Path, int, int], int], unit: int, steps: tuple[int, ...], repeat: int) -> list[list[str]]:
    """Return a row for each size: ``write`` makes a plugin of so many bytes; what is taken as growth is CPU time.

    A small input takes every so many-th file of what the largest takes, so that all are drawn from the same code.
    """
    rows: list[list[str]] = []
    last: tuple[int, float] | None = None
    with tempfile.TemporaryDirectory() as folder:
        for times in steps:
            base = Path(folder) / f"plugin-{times}"
            size = write(base, unit * times, steps[-1] // times)
            command = [*reviewer(), "review", "--format", "json", "--fail-on", "none", "--no-cache", str(base)]
            one = middle([run(command, codes=(0, 4)) for _ in range(repeat)])
            cells = [megabytes(size), seconds(one.cpu), seconds(one.wall), f"{one.cpu / size * 1e6:.2f} s"]
            if last is None:
                cells += ["", ""]
            else:
                growth = (one.cpu / last[1]) / (size / last[0])
                cells += [f"{growth:.2f}", verdict(growth, SLACK)]
            last = (size, one.cpu)
            rows.append([f"{times} times", *cells])
    return rows


if __name__ == "__main__":
    sys.exit(main())
