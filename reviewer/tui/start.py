"""Starts the application in a terminal, or serves it to a browser on this machine."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING, Final

from reviewer.commands.command import Reply
from reviewer.core.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from reviewer.commands.command import Invocation

_LAST_PORT: Final = 65_535


def tui(invocation: Invocation) -> Reply:
    """Open the application, on a path if one was named; raises `UsageError` without a terminal."""
    path = str(invocation.arguments["path"])
    # In the browser the streams are pipes to the server, and Textual has a driver for them.
    in_browser = bool(os.environ.get("TEXTUAL_DRIVER"))
    if not in_browser:
        from reviewer.tui.terminal import refuse_without_terminal

        refuse_without_terminal(f"reviewer review {shlex.quote(path or '.')}")
    if path and not os.path.lexists(path):
        raise UsageError(f"{path}: there is no such file or folder")
    from reviewer.session.folder import data_folder
    from reviewer.tui.app import ReviewerApp
    from reviewer.tui.screens.shelves import opening_line
    from reviewer.tui.terminal import driver_class

    app = ReviewerApp(data_folder(), opening_line(path) if path else "", None if in_browser else driver_class())
    ended = app.run()
    app.store.close()
    if app.return_code:
        return Reply("", ExitCode.USAGE, "the application ended because of a fault of its own; what was done is saved")
    return Reply("", ExitCode.INTERRUPTED if ended else ExitCode.PASSED)


def serve(invocation: Invocation) -> Reply:
    """Serve the application to browsers on this machine until somebody stops it."""
    try:
        from reviewer.tui.web.server import LoopbackServer
    except ImportError as error:
        raise UsageError(
            "reviewer serve needs textual-serve, which is not installed\n  pip install 'plugin-reviewer[serve]'"
        ) from error
    port = invocation.arguments["port"]
    if not port.isdecimal() or not 0 < int(port[:6]) <= _LAST_PORT:
        raise UsageError(f"--port: found {port[:40]!r}, expected a number up to {_LAST_PORT}; for example: --port 8000")
    path = str(invocation.arguments["path"])
    words = [sys.executable, "-m", "reviewer", "tui", *([path] if path else [])]
    LoopbackServer(shlex.join(words), int(port)).serve()
    return Reply("")
