"""The terminal as it really is: bytes that are no UTF-8 are no reason to end."""

from __future__ import annotations

import codecs
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError

if TYPE_CHECKING:
    from textual.driver import Driver

_DECODER: Final = "getincrementaldecoder"


def refuse_without_terminal(shell_line: str) -> None:
    """Raise `UsageError` where nobody could see or type anything; Textual would wait for ever."""
    for stream, name in ((sys.stdin, "standard input"), (sys.stdout, "standard output")):
        try:
            is_terminal = stream is not None and stream.isatty()
        except ValueError:  # it is closed
            is_terminal = False
        if not is_terminal:
            raise UsageError(
                f"{name} is no terminal, and the application needs one\n  the command line does the same: {shell_line}"
            )
    if os.environ.get("TERM") == "dumb":
        raise UsageError(
            "the terminal calls itself dumb, and the application draws on it\n"
            f"  the command line does the same: {shell_line}"
        )


def driver_class() -> type[Driver] | None:
    """Return a driver that survives any byte; None where the one that Textual takes does already."""
    if os.name != "posix":
        return None
    from textual.drivers import linux_driver

    class PatientDriver(linux_driver.LinuxDriver):
        """Reads input that is no UTF-8 as replacement characters instead of dying of it."""

        def run_input_thread(self) -> None:
            """Read input until the end."""
            decoder = codecs.getincrementaldecoder("utf-8")
            # The method looks this name up in its module, and passes no way to treat errors.
            setattr(linux_driver, _DECODER, lambda _encoding: partial(decoder, errors="replace"))
            super().run_input_thread()

    return PatientDriver
