"""Odd surroundings: no home, no locale, no terminal, closed streams, a folder that is gone, a reader that goes away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from case import BAIT, plugin

PROGRAM = [sys.executable, "-m", "reviewer"]
FINDINGS, USAGE = 1, 2


@pytest.fixture
def flawed(place):
    """A flawed plugin whose name is not ASCII."""
    made = plugin(place / "caf\u00e9", BAIT)
    manifest = json.loads((made / "plugin.json").read_text())
    (made / "plugin.json").write_text(json.dumps(manifest | {"name": "Caf\u00e9 \u5929\u6c17"}))
    return made


def run(words, home, **more) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "REVIEWER_CACHE_DIR": str(home / "cache")}
    environment |= more.pop("variables", {})
    return subprocess.run(
        [*PROGRAM, *words], env=environment, stdin=subprocess.DEVNULL, check=False, **{"capture_output": True, **more}
    )


VARIABLES = {
    "no locale, ASCII for Python, a terminal of one column that can nothing": {
        "LC_ALL": "C",
        "PYTHONIOENCODING": "ascii",
        "TERM": "dumb",
        "COLUMNS": "1",
    },
    "a locale that is not there, another time zone and hash seed, columns that are no number": {
        "LC_ALL": "xx_XX.bogus",
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "COLUMNS": "many",
        "TERM": "",
    },
    "a home that is not there": {"HOME": "/nonexistent", "REVIEWER_CACHE_DIR": "", "XDG_CACHE_HOME": "relative"},
    "a cache in a device, a factor of time that is none, a hundred kilobytes of variables": {
        "REVIEWER_CACHE_DIR": "/dev/null",
        "REVIEWER_TIME_FACTOR": "soon",
        **{f"X{number}": "x" * 1_000 for number in range(100)},
    },
}


def test_the_same_bytes_whatever_the_surroundings(flawed, tmp_path):
    plain = run(["review", "--format", "text", str(flawed)], tmp_path)
    assert (plain.returncode, plain.stderr) == (FINDINGS, b"")
    for name, variables in VARIABLES.items():
        done = run(["review", "--format", "text", str(flawed)], tmp_path, variables=variables)
        assert (done.returncode, done.stdout, done.stderr) == (FINDINGS, plain.stdout, b""), name


def test_no_variable_at_all(flawed):
    done = subprocess.run([*PROGRAM, "review", str(flawed)], env={}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (FINDINGS, b"")


@pytest.mark.parametrize("closing", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_traceback_and_no_false_pass(flawed, tmp_path, closing):
    command = f"{sys.executable} -m reviewer review '{flawed}' {closing}"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, check=False)
    assert done.returncode == (USAGE if ">&-" in closing.replace("2>&-", "") else FINDINGS)
    assert b"Traceback" not in done.stderr


def test_a_full_device_for_the_report(flawed, tmp_path):
    with Path("/dev/full").open("wb") as full:
        done = run(["review", str(flawed)], tmp_path, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == USAGE
    assert b"can't be written" in done.stderr


def test_a_reader_that_goes_away_is_silence(flawed, tmp_path):
    command = f"{sys.executable} -m reviewer review --format html '{flawed}' | head -c 5"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"<!DOC", b"")


def test_a_folder_that_is_gone(flawed, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f"cd '{gone}' && rmdir '{gone}' && {sys.executable} -m reviewer review '{flawed}' --format sarif"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, check=False)
    assert done.returncode == FINDINGS, done.stderr
    json.loads(done.stdout)


def test_arguments_that_are_no_text(tmp_path):
    done = subprocess.run(
        [*PROGRAM, "review", b"\xff\xfe"], capture_output=True, check=False, env={"HOME": str(tmp_path)}
    )
    assert done.returncode == USAGE
    assert b"there is no such file or folder" in done.stderr
    assert b"Traceback" not in done.stderr
