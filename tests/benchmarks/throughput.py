"""Reviews the corpus, parses the same bytes alone in the same run, and prints the ratio of the two."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from inputs import archive, packages, sources
from measure import ROOT, Measured, MeasureError, megabytes, middle, reviewer, run, seconds, table, verdict

LIMIT = 2.5
"""Time of a review over the time of parsing alone."""


def review(paths: list[Path], cache: Path) -> Measured:
    """Review all archives in one run."""
    command = [*reviewer(), "review", "--format", "json", "--fail-on", "none", *map(str, paths)]
    return run(command, variables={"REVIEWER_CACHE_DIR": str(cache)}, codes=(0, 4))


def analysed(report: dict[str, Any], paths: list[Path]) -> dict[str, list[str]]:
    """Return the source files of each archive that the review did not name as skipped."""
    found: dict[str, list[str]] = {}
    for path in paths:
        skipped: set[str] = set()
        for one in report["reviews"]:
            where = one["subject"]["path"]
            if where == str(path) or where.startswith(f"{path}/"):
                base = where[len(str(path)) :].strip("/")
                skipped |= {f"{base}/{file['path']}".strip("/") for file in one["coverage"]["skipped"]}
        names = [name for name, _ in sources(path)]
        found[str(path)] = [name for name in names if not _within(name, skipped)]
    return found


def _within(name: str, skipped: set[str]) -> bool:
    """Tell whether a file, or a folder that holds it, was skipped; an archive's outer folder may be left out."""
    parts = name.split("/")
    spelled = {"/".join(parts[start:end]) for start in (0, 1) for end in range(start + 1, len(parts) + 1)}
    return bool(spelled & skipped)


def parse(files: dict[str, list[str]]) -> dict[str, float]:
    """Parse the same files alone, in a process of its own."""
    script = str(Path(__file__).with_name("parse_alone.py"))
    done = subprocess.run(
        [sys.executable, script], input=json.dumps(files), capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode != 0:
        raise MeasureError(f"parsing alone failed: {done.stderr.strip()[-1500:]}")
    result: dict[str, float] = json.loads(done.stdout)
    return result


def measure(registry: str, repeat: int) -> list[list[str]]:
    """Return the rows for the packages of one registry, or of both."""
    paths = [archive(package) for package in packages(registry)]
    cold, warm, parsed = [], [], []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            cold.append(review(paths, Path(folder) / "cache"))
            warm.append(review(paths, Path(folder) / "cache"))
        parsed.append(parse(analysed(json.loads(cold[-1].output), paths)))
    cpu = sorted(one["cpu"] for one in parsed)[len(parsed) // 2]
    wall = sorted(one["wall"] for one in parsed)[len(parsed) // 2]
    what = f"{registry or 'all'}: {len(paths)} archives, {parsed[0]['files']:.0f} files"
    rows = [
        [
            f"{what}, parsing alone",
            megabytes(int(parsed[0]["bytes"])),
            seconds(cpu),
            seconds(wall),
            "1.00",
            "1.00",
            "",
        ]
    ]
    for name, runs in (("review, cold", cold), ("review, warm", warm)):
        one = middle(runs)
        ratios = [f"{one.cpu / cpu:.2f}", f"{one.wall / wall:.2f}", verdict(one.cpu / cpu, LIMIT)]
        rows.append([f"  {name}", "", seconds(one.cpu), seconds(one.wall), *ratios])
    return rows


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="runs of each kind; the median counts (default: 3)")
    wanted = parser.parse_args()
    try:
        rows = [row for registry in ("", "npm", "pypi") for row in measure(registry, wanted.repeat)]
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    head = ["what", "source", "CPU", "wall", "CPU ratio", "wall ratio", f"CPU ≤ {LIMIT}"]
    table(f"The corpus, median of {wanted.repeat}", head, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
