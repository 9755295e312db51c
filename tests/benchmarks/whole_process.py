"""What one review of a small plugin costs, process start included: with an empty cache and with a warm one."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from inputs import EXAMPLES
from measure import Measured, MeasureError, middle, reviewer, run, seconds, table, verdict

COLD_LIMIT = 0.4
"""Seconds of CPU for a small plugin, cold."""
WARM_LIMIT = 1 / 3
"""Part of the cold run that a run with nothing changed may take."""


def measure(example: str, repeat: int, *extra: str) -> tuple[Measured, Measured]:
    """Return the medians of cold and of warm reviews of an example."""
    command = [*reviewer(), "review", "--format", "json", "--fail-on", "none", *extra, str(EXAMPLES / example)]
    cold, warm = [], []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as cache:
            variables = {"REVIEWER_CACHE_DIR": str(Path(cache) / "cache")}
            cold.append(run(command, variables=variables))
            warm.append(run(command, variables=variables))
    if {one.output for one in cold} != {one.output for one in warm}:
        raise MeasureError(f"{example}: a warm cache changes what the review says")
    return middle(cold), middle(warm)


def main() -> int:
    """Measure the examples and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, help="runs of each kind; the median counts (default: 5)")
    wanted = parser.parse_args()
    rows = []
    try:
        base = middle([run([sys.executable, "-c", "pass"]) for _ in range(wanted.repeat)])
        rows.append(["python -c pass", seconds(base.cpu), seconds(base.wall), "", "", "", ""])
        for example in ("good-ts", "flawed-ts", "good-py", "flawed-py", "flawed-host"):
            cold, warm = measure(example, wanted.repeat)
            part = warm.cpu / cold.cpu
            cells = [seconds(cold.cpu), seconds(cold.wall), verdict(cold.cpu, COLD_LIMIT)]
            cells += [seconds(warm.cpu), f"{part:.2f}", verdict(part, WARM_LIMIT)]
            rows.append([example, *cells])
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    head = ["plugin", "cold CPU", "cold wall", f"≤ {COLD_LIMIT} s", "warm CPU", "warm/cold", f"≤ {WARM_LIMIT:.2f}"]
    table(f"One small plugin, whole process, median of {wanted.repeat}", head, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
