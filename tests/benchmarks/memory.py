"""Peak memory of a review with all its processes, on a plugin of 10 MB of real code in many files."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from inputs import plugin
from measure import MeasureError, megabytes, reviewer, run, seconds, table, verdict

SIZE = 10_000_000
LIMIT = 300_000_000


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=SIZE, help=f"bytes of source (default: {SIZE})")
    wanted = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder) / "plugin"
            size = plugin(base, wanted.size)
            command = [*reviewer(), "review", "--format", "json", "--fail-on", "none", str(base)]
            variables = {"REVIEWER_CACHE_DIR": str(Path(folder) / "cache")}
            runs = [(name, run(command, variables=variables, codes=(0, 4), memory=True)) for name in ("cold", "warm")]
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    rows = [
        [name, megabytes(one.peak), verdict(one.peak, LIMIT), seconds(one.cpu), seconds(one.wall)] for name, one in runs
    ]
    head = ["run", "peak of the tree", f"≤ {LIMIT / 1e6:.0f} MB", "CPU", "wall"]
    table(f"Memory on {megabytes(size)} of source", head, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
