"""Where text goes: the report to standard output or a file, everything else to standard error."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from reviewer.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WIDTH: Final = 80
_PROGRESS_AFTER: Final = 0.5
"""Seconds of work before progress is shown at all, and between two lines of it."""


class OutputError(Exception):
    """The report could not be written; the message is for a person, or empty where nobody listens."""


def colour_wanted(choice: str, stream: IO[str] | None, environment: Mapping[str, str]) -> bool:
    """Tell whether to colour: as asked, else on a terminal that can, without NO_COLOR."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return _is_terminal(stream)


def width_of(stream: IO[str] | None) -> int:
    """Return the columns of a terminal; the same number for everything that is none."""
    if not _is_terminal(stream) or stream is None:
        return _WIDTH
    try:
        return os.get_terminal_size(stream.fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def speaks_unicode(stream: IO[str] | None, *, to_file: bool) -> bool:
    """Tell whether what reads the text can take more than ASCII."""
    if to_file or stream is None or not _is_terminal(stream):
        return True
    return str(getattr(stream, "encoding", None) or "").lower().replace("-", "") == "utf8"


def write_out(text: str) -> None:
    """Write the report to standard output, all of it; raises `OutputError`."""
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    try:
        sys.stdout.flush()
        view = memoryview(text.encode("utf-8", "backslashreplace"))
        while view:
            view = view[os.write(sys.stdout.fileno(), view) :]
    except BrokenPipeError as error:
        _silence()
        raise OutputError("") from error
    except (OSError, ValueError) as error:
        _silence()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise OutputError(f"the report can't be written to standard output: {reason}") from error


def _silence() -> None:
    """Let the flush at the end of the process meet something that takes it."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def write_file(name: str, text: str) -> None:
    """Write a report file as a whole or not at all; raises `OutputError` or `UsageError`."""
    path = Path(name)
    content = text.encode("utf-8", "backslashreplace")
    try:
        state = path.lstat()
    except OSError:
        state = None
    if path.is_dir():
        raise UsageError(f"--output: {name} is a folder; name a file in it")
    special = state is not None and not stat.S_ISREG(state.st_mode) and path.exists() and not path.is_file()
    if state is not None and stat.S_ISLNK(state.st_mode) and not special:
        raise UsageError(f"--output: {name} is a link; name the file that it leads to")
    try:
        if special:
            path.write_bytes(content)  # a terminal, a pipe: nothing to replace
        else:
            _replace(path, content, stat.S_IMODE(state.st_mode) if state is not None else None)
    except OSError as error:
        raise OutputError(f"{name} can't be written: {error.strerror}") from error


def _replace(path: Path, content: bytes, mode: int | None) -> None:
    import tempfile

    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(_default_mode() if mode is None else mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _default_mode() -> int:
    """Return the mode that a new file gets from the user's mask."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def complain(message: str) -> None:
    """Tell a person what is wrong, on standard error; a message may quote a stranger's text."""
    from reviewer.report.escape.terminal import show

    if sys.stderr is None:
        return
    safe = "\n".join(show(line) for line in message.splitlines()) or "error"
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"reviewer: {safe}\n")
        sys.stderr.flush()


class Progress:
    """One line on a terminal that says which file is being looked at; anywhere else nothing."""

    def __init__(self, stream: IO[str] | None, environment: Mapping[str, str]) -> None:
        """Take the stream; nothing is written before the work has taken a while."""
        self._stream = stream if _is_terminal(stream) and environment.get("TERM") != "dumb" else None
        self._next = time.monotonic() + _PROGRESS_AFTER
        self._shown = False

    def reporter(self) -> Callable[[str], None]:
        """Return the function that is told each path."""
        return self._tell if self._stream is not None else _ignore

    def _tell(self, path: str) -> None:
        now = time.monotonic()
        if self._stream is None or not path or now < self._next:
            return
        from reviewer.report.escape.terminal import show

        self._next = now + _PROGRESS_AFTER
        self._shown = True
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(f"\r\x1b[K{show(path)[: width_of(self._stream) - 1]}")
            self._stream.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._stream is not None and self._shown:
            with contextlib.suppress(OSError, ValueError):
                self._stream.write("\r\x1b[K")
                self._stream.flush()


def _ignore(_path: str) -> None:
    """Show nothing."""


def _is_terminal(stream: IO[str] | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False
