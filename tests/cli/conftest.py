"""Runs the real program and measures what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[2:])
with open(sys.argv[1], "w") as peak:
    peak.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(done.returncode)
"""
"""Starts the program from a small process: what a large one starts counts that one's memory as its own."""
PATIENCE = 100
"""Seconds after which a run counts as hanging; the machines that run the tests may be slow."""


@dataclass(frozen=True)
class Ran:
    """What a run of the program gave."""

    code: int
    out: str
    err: str
    megabytes: float
    """The largest resident memory of the process and of those that it waited for."""

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def found(self) -> list[tuple[str, str, int]]:
        """Rule, path and line of every finding, suppressed ones left out."""
        return [
            (finding["rule"], finding["path"], finding["line"])
            for review in self.report["reviews"]
            for finding in review["findings"]
            if finding["suppressed"] is None
        ]


class Program:
    """The command line, with a cache and a home of its own."""

    def __init__(self, home: Path) -> None:
        """Take an empty folder."""
        self.home = home

    def __call__(self, *words: str, cwd: Path | None = None, **variables: str) -> Ran:
        """Run a command in a folder."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "REVIEWER_CACHE_DIR": str(self.home / "cache"),
            "NO_COLOR": "1",
            **variables,
        }
        out, err, peak = self.home / "out", self.home / "err", self.home / "peak"
        with out.open("wb") as one, err.open("wb") as other:
            process = subprocess.Popen(
                [sys.executable, "-c", _MEASURED, str(peak), sys.executable, "-m", "reviewer", *words],
                cwd=cwd or self.home,
                env=environment,
                stdout=one,
                stderr=other,
                start_new_session=True,
            )
            watchdog = subprocess.Popen(
                [sys.executable, "-c", f"import os,time; time.sleep({PATIENCE}); os.killpg({process.pid}, 9)"]
            )
            process.wait()
            watchdog.kill()
            watchdog.wait()
        return Ran(
            process.returncode,
            out.read_text("utf-8", "surrogateescape"),
            err.read_text("utf-8", "surrogateescape"),
            int(peak.read_text()) / (1024 if sys.platform != "darwin" else 1024 * 1024),
        )


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return the command line with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return Program(home)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return an empty folder for subjects."""
    folder = tmp_path / "place"
    folder.mkdir()
    return folder
