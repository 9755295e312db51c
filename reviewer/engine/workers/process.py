"""Starts a worker process, listens to it on a thread of its own, and ends it with all it started."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from reviewer.engine.workers.forked import ForkedProcess, can_fork
from reviewer.engine.workers.frames import BrokenFrameError, receive, send

if TYPE_CHECKING:
    from queue import SimpleQueue

    from reviewer.engine.workers.spawned import SpawnedProcess

Inbox: TypeAlias = "SimpleQueue[tuple[WorkerProcess, list[Any] | None]]"
"""What workers said, each message with its worker; None is a worker's end."""

_PACKAGE: Final = Path(__file__).resolve().parents[2]
_MOMENT: Final = 2.0
"""Seconds to wait for what has all but happened."""


def _paths() -> list[str]:
    """Return where a worker finds this program and its libraries.

    That is wherever this process found them, without the current folder: a subject that
    somebody reviews from inside must not supply modules. The folder of the package itself is
    always in it, which covers editable installs and checkouts.
    """
    here = str(_PACKAGE.parent)
    current = _here()
    own = [path for path in sys.path if path and Path(path).is_absolute() and path not in (current, here)]
    return [here, *own]


def _here() -> str:
    """Return the current folder; empty where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""


def _start() -> ForkedProcess | SpawnedProcess:
    """Start a process, as quickly as can be done safely."""
    if can_fork():
        return ForkedProcess(_PACKAGE, _paths())
    from reviewer.engine.workers.spawned import SpawnedProcess

    return SpawnedProcess(_PACKAGE, _paths())


class WorkerProcess:
    """One worker; its messages go to the inbox that it was given."""

    def __init__(self, inbox: Inbox) -> None:
        """Start the process, and the thread that listens to it."""
        self._process = _start()
        self._inbox = inbox
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        pipe = self._process.from_worker.fileno()
        try:
            while (message := receive(pipe)) is not None:
                self._inbox.put((self, message))
        except (BrokenFrameError, OSError):
            pass  # a worker that does not speak our language is as good as dead
        self._inbox.put((self, None))

    def tell(self, *message: Any) -> None:
        """Send a message; one that died before is noticed by its end, not here."""
        with contextlib.suppress(BrokenPipeError, ValueError):
            send(self._process.to_worker.fileno(), *message)

    def end(self, *, ended: bool = False) -> int:
        """Kill the worker's whole session and return its exit status.

        ``ended`` says that its pipe has closed: then it is given a moment to end by itself,
        because how it ended is worth knowing.
        """
        status = self._process.wait(_MOMENT) if ended else None
        while status is None:
            self._kill()
            status = self._process.wait(None)
        self._listener.join(_MOMENT)
        for pipe in (self._process.to_worker, self._process.from_worker):
            with contextlib.suppress(OSError):
                pipe.close()
        return status

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, AttributeError):  # no session yet, or a system without them
                self._process.kill()
