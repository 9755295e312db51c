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


def traced(root: Path) -> tuple[list[str], Path, Path]:
    """Return the system calls that succeeded in one run, with its home and the folder of its subjects."""
    cases = [*CASES["configuration"], *CASES["zips"][:9], *CASES["tars"][:6]]
    paths = []
    for one in cases:
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
    command += [sys.executable, "-m", "reviewer", "review", "--untrusted", "--format", "json", "--jobs", "1", *paths]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    lines = log.read_text("utf-8", "replace").splitlines()
    calls = [line.split(None, 1)[1] for line in lines if " = " in line and " = -1 " not in line]
    return calls, home, root / "subjects"


def test_no_program_runs_no_connection_is_made_and_nothing_is_written_but_the_cache(tmp_path):
    calls, home, subjects = traced(tmp_path)
    started = {QUOTED.findall(call)[0] for call in calls if call.startswith("execve")}
    assert {Path(name).resolve() for name in started} == {Path(sys.executable).resolve()}
    assert [call for call in calls if call.startswith(("connect", "bind"))] == []
    changing = [call for call in calls if not call.startswith(("execve", "open")) or WRITES.search(call)]
    allowed = (str(home), "/dev/null", "/dev/tty")
    named = [(call, [name for name in QUOTED.findall(call) if name.startswith("/")]) for call in changing]
    assert [call for call, names in named if not all(name.startswith(allowed) for name in names)] == []
    assert any(names for _call, names in named)
    opened = [QUOTED.findall(call)[0] for call in calls if call.startswith("open") and QUOTED.findall(call)]
    strange = [name for name in opened if "evil.js" in name or name in ("/etc/shadow", "/etc/passwd")]
    assert [name for name in strange if not name.startswith(str(subjects))] == []
