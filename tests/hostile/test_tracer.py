"""A tracer watches a review of hostile subjects: no program but our own, no connection, no write outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from case import CASES

pytestmark = pytest.mark.needs("strace")

CALLS = "execve,execveat,connect,bind,openat,open,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,symlink,symlinkat,link,linkat,chmod,fchmodat,truncate"
WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@pytest.fixture(scope="module")
def traced(tmp_path_factory):
    """The system calls of one run over zips and configurations, with the folder of its cache and of its subjects."""
    root = tmp_path_factory.mktemp("traced")
    paths = []
    for group in ("zips", "configuration"):
        for one in CASES[group]:
            folder = root / "subjects" / one.folder
            folder.mkdir(parents=True)
            paths.append(str(one.build(folder)))
    log, home = root / "log", root / "home"
    home.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "REVIEWER_CACHE_DIR": str(home / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = ["strace", "-f", "--seccomp-bpf", "-s", "4096", "-e", f"trace={CALLS}", "-o", str(log)]
    command += [sys.executable, "-m", "reviewer", "review", "--untrusted", "--format", "json", "--jobs", "2", *paths]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    calls = [line.split(None, 1)[1] for line in log.read_text("utf-8", "replace").splitlines() if " = " in line]
    return [call for call in calls if " = -1 " not in call], home, root / "subjects"


def test_no_program_runs_but_the_interpreter(traced):
    calls, _home, _subjects = traced
    started = {QUOTED.findall(call)[0] for call in calls if call.startswith("execve")}
    assert started
    assert {Path(name).resolve() for name in started} == {Path(sys.executable).resolve()}


def test_nothing_is_connected_to(traced):
    calls, _home, _subjects = traced
    assert [call for call in calls if call.startswith(("connect", "bind"))] == []


def test_nothing_is_written_but_the_cache(traced):
    calls, home, _subjects = traced
    changing = [call for call in calls if not call.startswith(("execve", "open")) or WRITES.search(call)]
    outside = [
        call
        for call in changing
        if not all(
            name.startswith((str(home), "/dev/null", "/dev/tty"))
            for name in QUOTED.findall(call)
            if name.startswith("/")
        )
    ]
    assert outside == []
    assert changing


def test_nothing_of_the_system_is_read_for_a_subject(traced):
    calls, _home, subjects = traced
    opened = [QUOTED.findall(call)[0] for call in calls if call.startswith("open") and QUOTED.findall(call)]
    strange = [name for name in opened if "evil.js" in name or name == "/etc/shadow"]
    assert [name for name in strange if not name.startswith(str(subjects))] == []
    # The interpreter itself looks up users in /etc/passwd, if anybody; a subject's link to it is never followed.
    assert "/etc/passwd" not in opened
