"""What is kept on disk survives a kill, damage, a full disk, two at once; a report is whole or not there."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys

import pytest
from case import BAIT, plugin

FINDINGS, USAGE = 1, 2


@pytest.fixture
def flawed(place):
    """A flawed plugin."""
    return plugin(place / "p", BAIT)


def test_two_at_once_share_a_cache(program, flawed):
    alone = program("review", "--format", "json", str(flawed), "--no-cache").report["reviews"]
    environment = {**os.environ, "HOME": str(program.home), "REVIEWER_CACHE_DIR": str(program.home / "shared")}
    command = [sys.executable, "-m", "reviewer", "review", "--format", "json", str(flawed)]
    started = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        out, err = process.communicate(timeout=90)
        assert (process.returncode, err) == (FINDINGS, "")
        assert json.loads(out)["reviews"] == alone


KEPT = {
    "report": ("review", "--format", "html", "--output"),
    "baseline": ("review", "--write-baseline", "--baseline"),
    "answer": ("signoff", "SEC4", "--why", "Read.", "--who", "Dana", "--signoff"),
}


@pytest.mark.parametrize("kind", KEPT)
def test_a_full_disk_leaves_the_old_file(program, flawed, place, kind):
    target = place / "kept.json"
    words = [*KEPT[kind], str(target)]
    assert program(*words, str(flawed)).code in {0, FINDINGS}
    old = target.read_bytes()
    (flawed / "b.js").write_text(BAIT)

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    environment = {**os.environ, "HOME": str(program.home), "REVIEWER_CACHE_DIR": str(program.home / "cache")}
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", *words, str(flawed)],
        env=environment, capture_output=True, text=True, check=False, preexec_fn=small,
    )  # fmt: skip
    assert done.returncode == USAGE, done.stderr
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert target.read_bytes() == old
    assert [path.name for path in place.iterdir() if path.name not in ("p", "kept.json")] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"schema": "reviewer/baseline/9", "findings": []}',
        '{"schema": "reviewer/baseline/1", "findings": [1]}',
        "\x00" * 50,
    ],
)
def test_a_damaged_baseline_is_told_and_never_counts_as_all_known(program, flawed, place, text):
    path = place / "baseline.json"
    path.write_text(text)
    ran = program("review", "--baseline", str(path), str(flawed))
    assert (ran.code, ran.out) == (USAGE, "")
    assert "baseline.json" in ran.err
    assert "Traceback" not in ran.err
    assert path.read_text() == text
