"""`reviewer batch` as a program, in a folder and with a store of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from reviewer.market.reading import MarketReader

PATIENCE = 240
"""Seconds after which something counts as hanging; the machines that run the tests may be slow."""


@dataclass(frozen=True)
class Ran:
    """What a run of the program gave."""

    code: int
    out: str
    err: str


class Batch:
    """`reviewer batch` in a folder of its own, with a store there."""

    def __init__(self, home: Path) -> None:
        """Take an empty folder."""
        self.home = home
        self.store = home / "market.db"

    def command(self, *words: str | Path) -> list[str]:
        """Return the command line."""
        return [sys.executable, "-m", "reviewer", "batch", *map(str, words)]

    def environment(self, more: dict[str, str] | None = None) -> dict[str, str]:
        """Return the environment: no cache of anybody else's, and no colours."""
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        return {**kept, "HOME": str(self.home), "NO_COLOR": "1", **(more or {})}

    def start(self, *words: str | Path, **more: str) -> subprocess.Popen[str]:
        """Start a run and don't wait for it."""
        return subprocess.Popen(
            self.command(*words),
            cwd=self.home,
            env=self.environment(more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: str | Path, **more: str) -> Ran:
        """Run to the end."""
        process = self.start(*words, **more)
        out, err = process.communicate(timeout=PATIENCE)
        return Ran(process.returncode, out, err)

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the store."""
        with MarketReader(self.store) as reader:
            return [tuple(row) for row in reader.ask(sql, *values)]

    def exported(self, name: str, *words: str) -> dict[str, bytes]:
        """Export the last run, and return each file's content."""
        self("--export", name, "--store", self.store, *words)
        return self.files(name)

    def files(self, name: str) -> dict[str, bytes]:
        """Return the content of each file of a folder, as an export has left it."""
        return {path.name: path.read_bytes() for path in sorted((self.home / name).iterdir())}
