"""A worker is forked where that is safe and spawned elsewhere, and is the same either way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import reviewer

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks workers")
_PACKAGE = Path(reviewer.__file__).parent


def said(code: str, *options: str) -> list[str]:
    """Run code in an interpreter that nothing was loaded into, and return the lines it prints."""
    command = [sys.executable, *options, "-c", textwrap.dedent(code)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


@linux
def test_a_process_of_one_thread_and_little_memory_forks():
    assert said("from reviewer.engine.workers.forked import can_fork; print(can_fork())") == ["True"]


@linux
@pytest.mark.parametrize(
    "burden",
    [
        "thread = threading.Thread(target=threading.Event().wait, daemon=True); thread.start()",
        "held = bytearray(os.urandom(1 << 20)) * 100",
    ],
    ids=["a second thread", "a hundred megabytes"],
)
def test_a_process_that_others_use_does_not_fork(burden):
    code = f"""
        import os, threading
        from reviewer.engine.workers.forked import can_fork
        {burden}
        print(can_fork())
    """
    assert said(code) == ["False"]


@linux
@pytest.mark.parametrize("kind", ["forked.ForkedProcess", "spawned.SpawnedProcess"])
def test_a_worker_has_a_session_a_folder_and_pipes_of_its_own_and_no_file_of_the_parent(kind, tmp_path):
    module, name = kind.split(".")
    code = f"""
        import os, signal, sys, time
        from pathlib import Path
        from reviewer.engine.workers.{module} import {name}
        from reviewer.engine.workers.process import _paths
        kept = open({str(tmp_path / "secret")!r}, "w")
        os.set_inheritable(kept.fileno(), True)
        worker = {name}(Path({str(_PACKAGE)!r}), _paths())
        home = Path("/proc", str(worker.pid))
        until = time.monotonic() + 20
        while "900" not in (home / "limits").read_text() and time.monotonic() < until:
            time.sleep(0.02)  # it binds itself once it is ready to serve
        print(os.getsid(worker.pid) == worker.pid)
        print(os.readlink(home / "cwd"))
        print(any("secret" in os.readlink(one) for one in (home / "fd").iterdir()))
        print(os.readlink(home / "fd" / "2"))
        os.killpg(worker.pid, signal.SIGKILL)
        print(worker.wait(None))
    """
    assert said(code) == ["True", str(_PACKAGE), "False", os.devnull, str(-signal.SIGKILL)]


@linux
def test_a_forked_worker_finds_no_module_in_the_folder_where_somebody_stands(tmp_path):
    (tmp_path / "good" / "src").mkdir(parents=True)
    (tmp_path / "good" / "plugin.json").write_text('{"id": "a.b", "version": "1.0.0", "main": "src/a.py"}')
    (tmp_path / "good" / "src" / "a.py").write_text("VALUE = 1\n")
    for name in ("yaml", "semantic_version", "tree_sitter", "tree_sitter_python", "html"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write('{name}')\n")
    command = [
        str(Path(sys.executable).with_name("reviewer")),
        "review",
        "good",
        "--format",
        "json",
        "--fail-on",
        "none",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "ran").exists()


@linux
def test_a_worker_that_is_ended_at_once_does_not_keep_its_parent_waiting():
    code = """
        from queue import SimpleQueue
        from reviewer.engine.workers.process import WorkerProcess
        for _ in range(5):
            print(WorkerProcess(SimpleQueue()).end())
    """
    assert set(said(code)) == {str(-signal.SIGKILL)}
