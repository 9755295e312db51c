"""Reviews 1, 10 and 100 times the same amount of real code: time must grow no faster than the input."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from inputs import plugin
from measure import MeasureError, megabytes, middle, reviewer, run, seconds, table, verdict

UNIT = 60_000
"""Bytes of the smallest input."""
SLACK = 1.1
"""How much the growth of time over the growth of input may exceed one: noise of a shared machine."""


def main() -> int:
    """Measure three sizes and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="runs of each size; the median counts (default: 3)")
    parser.add_argument("--unit", type=int, default=UNIT, help=f"bytes of the smallest input (default: {UNIT})")
    wanted = parser.parse_args()
    rows: list[list[str]] = []
    last: tuple[int, float] | None = None
    try:
        with tempfile.TemporaryDirectory() as folder:
            for times in (1, 10, 100):
                base = Path(folder) / f"plugin-{times}"
                size = plugin(base, wanted.unit * times)
                command = [*reviewer(), "review", "--format", "json", "--fail-on", "none", "--no-cache", str(base)]
                one = middle([run(command, codes=(0, 4)) for _ in range(wanted.repeat)])
                cells = [megabytes(size), seconds(one.cpu), seconds(one.wall), f"{one.cpu / size * 1e6:.2f} s"]
                if last is None:
                    cells += ["", ""]
                else:
                    growth = (one.cpu / last[1]) / (size / last[0])
                    cells += [f"{growth:.2f}", verdict(growth, SLACK)]
                last = (size, one.cpu)
                rows.append([f"{times} times", *cells])
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    head = ["input", "source", "CPU", "wall", "CPU per MB", "time/input growth", f"≤ {SLACK}"]
    table(f"Growth, median of {wanted.repeat}", head, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
