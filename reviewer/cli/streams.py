"""Where text goes: the report to standard output or a file, everything else to standard error."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import IO, TYPE_CHECKING, Final

from reviewer.commands.output_file import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WIDTH: Final = 80
_PROGRESS_AFTER: Final = 0.5
"""Seconds of work before progress is shown at all, and between two lines of it."""
_LOG_EVERY: Final = 20.0
"""Seconds between two lines in a log."""


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


def complain(message: str) -> None:
    """Tell a person what is wrong, on standard error; a message may quote a stranger's text."""
    from reviewer.report.escape.terminal import show

    if sys.stderr is None:
        return
    safe = "\n".join(show(line) for line in message.splitlines()) or "error"
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"reviewer: {safe}\n")
        sys.stderr.flush()


def asker(answers: IO[str] | None, prompts: IO[str] | None) -> Callable[[str], str] | None:
    """Return what asks a person on a terminal; None where one of the two streams is no terminal."""
    if answers is None or prompts is None or not (_is_terminal(answers) and _is_terminal(prompts)):
        return None

    def ask(prompt: str) -> str:
        prompts.write(prompt)
        prompts.flush()
        line = answers.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    return ask


class Progress:
    """One line on a terminal that says which file is being looked at; anywhere else nothing."""

    def __init__(self, stream: IO[str] | None, environment: Mapping[str, str]) -> None:
        """Take the stream; nothing is written before the work has taken a while."""
        self._stream = stream if _is_terminal(stream) and environment.get("TERM") != "dumb" else None
        self._next = time.monotonic() + _PROGRESS_AFTER
        self._next_line = time.monotonic() + _LOG_EVERY
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

    def news(self, text: str) -> None:
        """Write a line that stays."""
        self.clear()
        complain(text)

    def course(self, text: str) -> None:
        """Show how far long work is: where nobody sees the line change, in a new one now and then."""
        if self._stream is not None:
            self._tell(text)
        elif time.monotonic() > self._next_line:
            self._next_line = time.monotonic() + _LOG_EVERY
            complain(text)

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
