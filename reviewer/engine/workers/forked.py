"""A worker that comes out of this process, which has read a third of what a worker needs already."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Final, NoReturn

_LARGEST: Final = 96 * 1024 * 1024
"""Bytes that this process may hold: the limits of a worker count what it was born with."""
_BROKEN: Final = 78
"""Exit status of a worker that failed before it could speak."""
_NAP: Final = 0.002
"""Seconds between two looks whether a worker has ended."""


def can_fork() -> bool:
    """Tell whether a child of this process is as good as a fresh interpreter.

    It is not where threads may hold locks that nobody in the child would ever release, where somebody who uses the
    Python API has filled this process, or where file names are not UTF-8, which only a fresh interpreter can be told.
    """
    return (
        sys.platform == "linux"
        and threading.active_count() == 1
        and sys.getfilesystemencoding() == "utf-8"
        and _resident() < _LARGEST
    )


def _resident() -> int:
    """Return the bytes of memory of this process; too many where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return _LARGEST


class ForkedProcess:
    """A worker in a session of its own, without the files, the folder and the module paths of its parent."""

    def __init__(self, folder: Path, paths: list[str]) -> None:
        """Start it in a folder that no subject can write, with the paths on which it finds this program."""
        worker_in, to_worker = os.pipe()
        from_worker, worker_out = os.pipe()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.flush()  # what stands in the buffer is not said twice
        self._status: int | None = None
        self.pid = os.fork()
        if not self.pid:
            _serve(worker_in, worker_out, folder, paths)
        os.close(worker_in)
        os.close(worker_out)
        self.to_worker = os.fdopen(to_worker, "wb", buffering=0)
        self.from_worker = os.fdopen(from_worker, "rb", buffering=0)

    def wait(self, seconds: float | None) -> int | None:
        """Return the exit status, minus the signal where one ended it; None where it has not ended by then."""
        until = None if seconds is None else time.monotonic() + seconds
        while self._status is None:
            ended, status = os.waitpid(self.pid, 0 if until is None else os.WNOHANG)
            if ended:
                self._status = os.waitstatus_to_exitcode(status)
            elif until is not None and time.monotonic() > until:
                return None
            else:
                time.sleep(_NAP)
        return self._status

    def kill(self) -> None:
        """End the process alone."""
        os.kill(self.pid, signal.SIGKILL)


def _serve(worker_in: int, worker_out: int, folder: Path, paths: list[str]) -> NoReturn:
    """Be the worker, and never come back to what the parent was doing."""
    try:
        os.setsid()
        os.chdir(folder)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for inner, place in ((worker_in, 0), (worker_out, 1), (nowhere, 2)):
            os.dup2(inner, place)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        sys.path[:] = paths
        from reviewer.engine.workers.serve import main

        main()
    finally:
        os._exit(_BROKEN)
