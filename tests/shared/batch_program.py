"""`reviewer batch` as a program, in a folder and with a store of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from reviewer.cli.main import main
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

    def environment(self, more: dict[str, str] | None = None) -> dict[str, str]:
        """Return the environment: no cache of anybody else's, and no colours."""
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        return {**kept, "HOME": str(self.home), "NO_COLOR": "1", **(more or {})}

    def __call__(self, *words: str | Path, **more: str) -> Ran:
        """Run to the end, in this process: its workers are processes of their own all the same."""
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as out,
            tempfile.TemporaryFile("w+", encoding="utf-8") as err,
            contextlib.chdir(self.home),
            mock.patch.dict(os.environ, self.environment(more), clear=True),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = main(["batch", *map(str, words)])
            out.seek(0)
            err.seek(0)
            return Ran(code, out.read(), err.read())

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start a run in a process of its own, and don't wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "reviewer", "batch", *map(str, words)],
            cwd=self.home,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def program(self, *words: str | Path) -> Ran:
        """Run to the end in a process of its own."""
        process = self.start(*words)
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
