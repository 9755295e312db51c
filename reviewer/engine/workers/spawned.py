"""A worker as an interpreter of its own: takes a moment to start, and owes nothing to the process that asked for it."""

from __future__ import annotations

import subprocess
import sys
from typing import IO, TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from pathlib import Path

_START: Final = "import sys;sys.path.extend({paths!r});from reviewer.engine.workers.serve import main;main()"


class SpawnedProcess:
    """A worker in a session of its own, isolated from environment, user site and current folder."""

    def __init__(self, folder: Path, paths: list[str]) -> None:
        """Start it in a folder that no subject can write, with the paths on which it finds this program."""
        options = ["-I", "-S", "-X", "utf8", *(["-B"] if sys.dont_write_bytecode else [])]
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter with a module of this program
            [sys.executable, *options, "-c", _START.format(paths=paths)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
            bufsize=0,
        )
        self.pid = self._process.pid
        self.to_worker = cast("IO[bytes]", self._process.stdin)
        self.from_worker = cast("IO[bytes]", self._process.stdout)

    def wait(self, seconds: float | None) -> int | None:
        """Return the exit status, minus the signal where one ended it; None where it has not ended by then."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """End the process alone, where the system knows no sessions."""
        self._process.kill()
