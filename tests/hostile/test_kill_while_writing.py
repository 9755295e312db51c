"""A process that dies at any step of writing a kept file leaves the old one, and the next run writes the new one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from case import BAIT, plugin

pytestmark = pytest.mark.needs("strace")

STEPS = ("fsync", "chmod", "rename")
"""System calls of one write; the process is killed as it enters the first of each."""
WRITING = {
    "report": ("review", "--no-cache", "--output", "{file}", "--format", "json", "{subject}"),
    "baseline": ("review", "--no-cache", "--write-baseline", "--baseline", "{file}", "{subject}"),
    "answer": ("signoff", "SEC4", "{subject}", "--why", "Read.", "--who", "Dana", "--signoff", "{file}"),
}


@pytest.fixture
def run(program, place):
    """Run a command on a flawed plugin, in the hands of a tracer where a step is named; return its exit code."""
    subject = plugin(place / "p", BAIT)
    environment = {**os.environ, "HOME": str(program.home), "REVIEWER_CACHE_DIR": str(program.home / "cache")}

    def started(kind: str, file: Path, step: str = "") -> int:
        words = [word.format(file=file, subject=subject) for word in WRITING[kind]]
        traced = ["strace", "-o", "/dev/null", "-e", f"trace={step}", "-e", f"inject={step}:signal=KILL:when=1"]
        command = [*(traced if step else []), sys.executable, "-m", "reviewer", *words]
        return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=90).returncode

    return started


@pytest.mark.parametrize("kind", WRITING)
def test_a_process_that_dies_while_it_writes_leaves_the_old_file(run, place, kind):
    file = place / "kept" / "file.toml"
    file.parent.mkdir()
    assert run(kind, file) in {0, 1}
    old = file.read_bytes()
    (place / "p" / "b.js").write_text(BAIT)
    for step in STEPS:
        assert run(kind, file, step) in {-signal.SIGKILL, 128 + signal.SIGKILL}
        assert file.read_bytes() == old
        assert all(one == file or one.name.startswith(".file.toml.") for one in file.parent.iterdir())
    assert run(kind, file) in {0, 1}
    assert file.read_bytes() != old
