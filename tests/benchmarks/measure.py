"""Runs a command and measures it with everything that it starts: CPU, wall clock, memory; prints tables."""

from __future__ import annotations

import compileall
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
SAMPLE_EVERY = 0.01
_PAGE = os.sysconf("SC_PAGE_SIZE")


class MeasureError(Exception):
    """A command did not do what it was measured for."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of a command and of every process that it waited for."""

    code: int
    wall: float
    """Seconds on the clock."""
    cpu: float
    """Seconds of user and system time."""
    peak: int
    """Largest sum of resident memory over the processes, in bytes; 0 where it was not watched."""
    output: str


def reviewer() -> list[str]:
    """Return how the reviewer is started: as it is installed beside this interpreter, else as a module.

    Its package is compiled first, as an installer does it.
    """
    _compile()
    installed = Path(sys.executable).with_name("reviewer")
    if installed.is_file():
        return [str(installed)]
    found = shutil.which("reviewer")
    return [found] if found else [sys.executable, "-m", "reviewer"]


@cache
def _compile() -> None:
    """Compile the package once: where Python may not keep what it compiles, each cold review would do it again."""
    find = "import reviewer, pathlib; print(pathlib.Path(reviewer.__file__).parent)"
    folder = run([sys.executable, "-c", find]).output.strip()
    compileall.compile_dir(folder, quiet=2)


def run(
    command: Sequence[str],
    *,
    cwd: Path = ROOT,
    variables: Mapping[str, str] | None = None,
    codes: Iterable[int] = (0,),
    memory: bool = False,
) -> Measured:
    """Run a command and measure it; raises `MeasureError` on an exit code that is none of ``codes``.

    Measures one command at a time: CPU is what the finished children of this process have used since.
    """
    environment = {**os.environ, **(variables or {})}
    environment.setdefault("PYTHONPATH", str(ROOT))
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=out, stderr=err)
        watch = _Watch(process.pid) if memory else None
        code = process.wait()
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = watch.stop() if watch else 0
        out.seek(0)
        err.seek(0)
        output, said = out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace")
    if code not in codes:
        raise MeasureError(f"{' '.join(command[:4])} … ended with {code}: {said.strip()[-1500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(code, wall, cpu, peak, output)


class _Watch(threading.Thread):
    """Samples the resident memory of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._peak, self._done = pid, 0, threading.Event()
        if not Path("/proc/self/statm").exists():
            raise MeasureError("memory of a process tree is read from /proc, which this system does not have")
        self.start()

    def run(self) -> None:
        while not self._done.wait(SAMPLE_EVERY):
            self._peak = max(self._peak, sum(_resident(pid) for pid in _tree(self._pid)))

    def stop(self) -> int:
        """End the watch and return the peak in bytes."""
        self._done.set()
        self.join()
        return self._peak


def _tree(pid: int) -> list[int]:
    """Return a process and its descendants; those that have just ended are missing."""
    found = [pid]
    for one in found:
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _resident(pid: int) -> int:
    """Return the resident memory of a process in bytes; 0 for one that has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def middle(runs: Sequence[Measured]) -> Measured:
    """Return the medians of several runs of one command."""
    return Measured(
        runs[-1].code,
        median(one.wall for one in runs),
        median(one.cpu for one in runs),
        max(one.peak for one in runs),
        runs[-1].output,
    )


def seconds(value: float) -> str:
    """Spell a time."""
    return f"{value:.3f} s" if value < 10 else f"{value:.1f} s"


def megabytes(value: int) -> str:
    """Spell a size in millions of bytes."""
    return f"{value / 1e6:.1f} MB"


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: the first column to the left, figures to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    sys.stdout.write(f"\n{title}\n")
    for number, line in enumerate(lines):
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        sys.stdout.write("  " + "  ".join(cells).rstrip() + "\n")
        if number == 0:
            sys.stdout.write("  " + "  ".join("-" * width for width in widths) + "\n")
    sys.stdout.flush()


def verdict(value: float, limit: float) -> str:
    """Say whether a figure keeps its limit."""
    return "kept" if value <= limit else "MISSED"
