"""Reviews markets of several sizes and says what sixty thousand would take: rate, peak memory, size of the store.

``python tests/market/measure_market.py`` makes them from the published packages, runs ``reviewer batch`` over each
with an empty store and an empty cache, and draws a straight line through time and memory. Every size has the same
mixture, copies of ``--of`` packages: else one large package in the last size would bend the line. ``--jobs`` is handed on;
``--again`` also runs the largest a second time, with nothing changed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from packages import CorpusError
from synthetic import market

from measure import Measured, MeasureError, megabytes, reviewer, run, seconds, table  # isort: skip - found by synthetic

SIZES = (50, 100, 200, 400, 800)
WHOLE = 60_000
OF = 50
"""Packages that every size is made of."""
DAY = 86_400


def review(listed: Path, store: Path, cache: Path, jobs: int) -> Measured:
    """Review one market."""
    options = ["--store", str(store), "--fail-on", "none", "--jobs", str(jobs)]
    command = [*reviewer(), "batch", str(listed), *options]
    return run(command, variables={"REVIEWER_CACHE_DIR": str(cache)}, codes=(0, 4), memory=True)


def line(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return slope and start of the straight line that is nearest to the points, by least squares."""
    count = len(points)
    middle_x, middle_y = (sum(point[axis] for point in points) / count for axis in (0, 1))
    spread = sum((x - middle_x) ** 2 for x, _y in points)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0
    return slope, middle_y - slope * middle_x


def whole(points: list[tuple[float, float]]) -> float:
    """Return what the line says of the whole market."""
    slope, start = line(points)
    return start + slope * WHOLE


def spelled(value: float) -> str:
    """Spell a long time."""
    return f"{value / 3600:.1f} h" if value < 2 * DAY else f"{value / DAY:.1f} days"


def measure(sizes: list[int], jobs: int, folder: Path, *, of: int, again: bool) -> None:
    """Measure each size and print tables."""
    found: list[tuple[int, Measured, int]] = []
    for size in sizes:
        listed = market(size, folder / str(size), of)
        store = folder / f"{size}.db"
        found.append((size, review(listed, store, folder / f"cache-{size}", jobs), store.stat().st_size))
        _size, one, bytes_ = found[-1]
        told = (
            f"{size} subjects",
            seconds(one.wall),
            f"CPU {seconds(one.cpu)}",
            megabytes(one.peak),
            megabytes(bytes_),
        )
        sys.stderr.write(f"{', '.join(told)}\n")  # a long way: what was measured is not lost
    rows = [
        [
            f"{size}",
            seconds(one.wall),
            seconds(one.cpu),
            f"{size / one.wall:.2f}",
            megabytes(one.peak),
            megabytes(bytes_),
        ]
        for size, one, bytes_ in found
    ]
    head = ["subjects", "wall", "CPU", "a second", "peak of the tree", "store"]
    table(f"Markets of {len(sizes)} sizes, {jobs or 'all'} jobs", head, rows)
    walls, cpus = ([(float(size), getattr(one, name)) for size, one, _ in found] for name in ("wall", "cpu"))
    peaks = [(float(size), float(one.peak)) for size, one, _ in found]
    stores = [(float(size), float(bytes_)) for size, _, bytes_ in found]
    table(
        f"{WHOLE:,} subjects, by a straight line through these",
        ["what", "for each subject", "in all"],
        [
            ["wall", seconds(line(walls)[0]), spelled(whole(walls))],
            ["CPU", seconds(line(cpus)[0]), spelled(whole(cpus))],
            ["peak memory", f"{line(peaks)[0] / 1000:.1f} kB", megabytes(int(whole(peaks)))],
            ["store", f"{line(stores)[0] / 1000:.1f} kB", megabytes(int(whole(stores)))],
        ],
    )
    if again:
        size, first, _bytes = found[-1]
        second = review(folder / str(size) / "market.jsonl", folder / f"{size}.db", folder / f"cache-{size}", jobs)
        table(
            f"{size} subjects again, with nothing changed",
            ["run", "wall", "CPU", "times as fast"],
            [
                ["first", seconds(first.wall), seconds(first.cpu), ""],
                ["second", seconds(second.wall), seconds(second.cpu), f"{first.wall / second.wall:.0f}"],
            ],
        )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help=f"how many (default: {SIZES})")
    parser.add_argument("--jobs", type=int, default=0, help="workers at once (default: as many as there are cores)")
    parser.add_argument("--of", type=int, default=OF, help=f"packages that each size is made of (default: {OF})")
    parser.add_argument("--folder", type=Path, help="where to keep markets and stores (default: nowhere)")
    parser.add_argument("--again", action="store_true", help="run the largest a second time")
    wanted = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as temporary:
            folder = wanted.folder or Path(temporary)
            measure(wanted.sizes, wanted.jobs, folder, of=wanted.of, again=wanted.again)
    except (CorpusError, MeasureError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
