"""Runs `reviewer batch` over published plugins: two worker processes against one, and a second run against the first."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from inputs import archive, packages
from measure import Measured, MeasureError, megabytes, middle, reviewer, run, seconds, table

TWO = 1.7
"""How many times as fast two worker processes on two cores have to be."""
AGAIN = 20.0
"""How many times as fast a run in which nothing has changed has to be."""
COUNT = 80
_MIXED = 17
"""Step in which archives are taken from the sorted list, so that those of one host do not come together."""


def listing(folder: Path, count: int) -> tuple[Path, int]:
    """Write a list of so many archives of the corpus; return it, and the bytes of the archives."""
    found = [archive(package) for package in packages()]
    chosen = [one for start in range(_MIXED) for one in found[start::_MIXED]][:count]
    path = folder / "market.jsonl"
    path.write_text("".join(json.dumps({"path": str(one)}) + "\n" for one in chosen))
    return path, sum(one.stat().st_size for one in chosen)


def batch(market: Path, store: Path, *words: str) -> Measured:
    """Run over the market, and measure it."""
    command = [*reviewer(), "batch", str(market), "--store", str(store), "--fail-on", "none", *words]
    return run(command, codes=(0, 4), memory=True)


def main() -> int:
    """Measure, alternating one process and two, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="runs of each kind; the median counts (default: 3)")
    parser.add_argument("--count", type=int, default=COUNT, help=f"archives of the market (default: {COUNT})")
    wanted = parser.parse_args()
    ones: list[Measured] = []
    twos: list[Measured] = []
    agains: list[Measured] = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            market, size = listing(Path(folder), wanted.count)
            for turn in range(wanted.repeat):
                ones.append(batch(market, Path(folder, f"one{turn}.db"), "--jobs", "1"))
                twos.append(batch(market, Path(folder, f"two{turn}.db"), "--jobs", "2"))
                agains.append(batch(market, Path(folder, f"two{turn}.db"), "--jobs", "2"))
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    rows = [
        [name, seconds(one.wall), seconds(one.cpu), f"{wanted.count / one.wall:.2f}", megabytes(one.peak)]
        for name, one in (("1 process", middle(ones)), ("2 processes", middle(twos)), ("again", middle(agains)))
    ]
    head = ["run", "wall", "CPU", "subjects a second", "peak memory"]
    table(f"A market of {wanted.count} archives, {megabytes(size)}, median of {wanted.repeat}", head, rows)
    pairs = (("two processes to one", ones, twos, TWO), ("the second run to the first", twos, agains, AGAIN))
    ratios = [
        [name, f"{ratio:.2f}", f"≥ {limit:g}", "kept" if ratio >= limit else "MISSED"]
        for name, slow, fast, limit in pairs
        for ratio in [median(one.wall / other.wall for one, other in zip(slow, fast, strict=True))]
    ]
    table("How many times as fast", ["", "times", "wanted", ""], ratios)
    return 0


if __name__ == "__main__":
    sys.exit(main())
