"""A program that a person at a terminal talks to, and designs to talk about."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "design"), str(ROOT / "tests" / "report")]  # helpers of tests have plain names


class Talk:
    """`reviewer` on a terminal of its own: answers are typed when the prompt has come."""

    def __init__(self, words: list[str], folder: Path) -> None:
        self._master, slave = pty.openpty()
        environment = {**os.environ, "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "reviewer", *words], stdin=slave, stdout=subprocess.PIPE, stderr=slave,
            cwd=folder, env=environment,
        )  # fmt: skip
        os.close(slave)
        self.seen = ""
        self._told = 0

    def until(self, *texts: str) -> str:
        """Read until one of the texts has come, and return what came since the last time up to its end."""
        while (end := self._end_of(texts)) < 0:
            ready, _, _ = select.select([self._master], [], [], 30)
            assert ready, f"waited for {texts} in vain; so far:\n{self.seen}"
            self.seen += os.read(self._master, 65536).decode()
        shown, self._told = self.seen[self._told : end], end
        return shown

    def _end_of(self, texts: tuple[str, ...]) -> int:
        """Return where the first of the texts ends that stands in what was not told yet, or -1."""
        found = [(at, at + len(text)) for text in texts if (at := self.seen.find(text, self._told)) >= 0]
        return min(found)[1] if found else -1

    def type(self, line: str) -> None:
        os.write(self._master, f"{line}\n".encode())

    def leave(self) -> None:
        """Press Ctrl-D."""
        os.write(self._master, b"\x04")

    def end(self) -> tuple[int, str]:
        """Return the exit code and what was written to standard output."""
        out, _ = self._process.communicate(timeout=60)
        os.close(self._master)
        return self._process.returncode, out.decode()


@pytest.fixture
def talk(tmp_path):
    """Start a conversation in an empty folder."""
    return lambda *words: Talk(list(words), tmp_path)
