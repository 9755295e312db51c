"""Bounds that the operating system keeps over a worker, whatever the code in it does.

A clock in Python can't stop a parser written in C, so each bound here is one that ends the
process: memory by resource limits, processor time per file by a profiling timer whose signal
nobody handles, and a parent that is gone by a signal from the pipe to it.
"""

from __future__ import annotations

import os
import signal
from typing import Final

MEMORY: Final = 420 * 1024 * 1024
"""Bytes of data that a worker may hold."""
ADDRESSES: Final = 2 * 1024 * 1024 * 1024
"""Bytes of address space, libraries and reserved stretches included."""
WHOLE_CPU: Final = 900
"""Seconds of processor time over a worker's whole life; only an orphan would ever use them up."""
FILES: Final = 256
"""Open files."""
FILE_CPU: Final = 5.0
"""Seconds of processor time for one file."""

OUT_OF_MEMORY: Final = 77
"""Exit status of a worker that ran out of memory and noticed."""


def time_factor() -> float:
    """Return how much slower than usual this machine may be, from ``REVIEWER_TIME_FACTOR``."""
    try:
        factor = float(os.environ.get("REVIEWER_TIME_FACTOR", "1"))
    except ValueError:
        return 1.0
    return factor if 0.1 <= factor <= 1000 else 1.0


def bind() -> None:
    """Set the limits of this process for good; does what the system offers, which may be little."""
    try:
        import resource
    except ImportError:  # no such limits on Windows: the parent's clock is what is left
        return
    for kind, amount in (
        ("RLIMIT_CORE", 0),
        ("RLIMIT_DATA", MEMORY),
        ("RLIMIT_AS", ADDRESSES),
        ("RLIMIT_NOFILE", FILES),
        ("RLIMIT_CPU", int(WHOLE_CPU * max(1.0, time_factor()))),
    ):
        number = getattr(resource, kind, None)
        if number is None:
            continue
        hard = resource.getrlimit(number)[1]
        bound = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        try:
            resource.setrlimit(number, (bound, bound))
        except (OSError, ValueError):  # a system may know a limit and not let it be set
            continue


def allow_cpu(seconds: float) -> None:
    """Let this process use that much processor time from now on; 0 takes the bound away."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds * time_factor() if seconds else 0)


def die_with(pipe: int, *, armed: bool) -> None:
    """While ``armed``, let the end of the pipe from the parent end this process at once.

    The pipe must be silent while it is armed: any byte on it has the same effect.
    """
    try:
        import fcntl
    except ImportError:  # Windows: a worker without a parent ends at its next read
        return
    asynchronous = getattr(os, "O_ASYNC", 0)
    try:
        flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
        fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(pipe, fcntl.F_SETFL, flags | asynchronous if armed else flags & ~asynchronous)
    except OSError:  # not every system signals on pipes; a worker's processor time is bounded anyway
        return
    if armed and _hung_up(pipe):
        os._exit(0)


def _hung_up(pipe: int) -> bool:
    """Tell whether the other end is gone already, which no signal would say any more."""
    import select

    if not hasattr(select, "poll"):
        return False
    waiting = select.poll()
    waiting.register(pipe, select.POLLHUP)
    return any(event & select.POLLHUP for _, event in waiting.poll(0))


def death(status: int) -> str:
    """Say in words how a worker ended, from `subprocess.Popen.returncode`."""
    if status == OUT_OF_MEMORY:
        return "it needed more memory than a worker may have"
    if status >= 0:
        return f"its worker ended with status {status}"
    if status in (-getattr(signal, "SIGPROF", 0), -getattr(signal, "SIGXCPU", 0)):
        return "it took more processor time than a file may take"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"its worker was ended by {name}"
