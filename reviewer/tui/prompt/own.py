"""The commands that only make sense while the application is open; all others come from the registry."""

from __future__ import annotations

from typing import Final

from reviewer.commands.command import Argument, Command
from reviewer.commands.registry import COMMANDS
from reviewer.core.errors import UsageError
from reviewer.core.nearest import did_you_mean

_PATH: Final = Argument("path", "path", "a folder, an archive or a file", "path", default="", metavar="PATH")

OPEN: Final = Command("open", "open", "open a folder, an archive or a design", (_PATH,), "")
SESSIONS: Final = Command("sessions", "sessions", "go on with something you did before", (), "")
EXPORT: Final = Command(
    "export",
    "export",
    "write what is on the screen to a file",
    (
        Argument("form", "format", "the form of the report", "word", metavar="FORMAT", default=""),
        Argument("file", "file", "where to write it", "path", default="", metavar="FILE"),
    ),
    "",
)
THEME: Final = Command(
    "theme",
    "theme",
    "choose the colours",
    (Argument("name", "name", "name of a theme", default="", metavar="NAME"),),
    "",
)
HELP: Final = Command("help", "help", "the keys and the commands", (), "")
QUIT: Final = Command("quit", "quit", "leave; everything is saved already", (), "")

OWN: Final = (OPEN, SESSIONS, EXPORT, THEME, HELP, QUIT)
ALL: Final = (*COMMANDS, *OWN)
"""What may be typed after a slash, in the order of the help."""


def find(name: str) -> Command:
    """Return the command of a name, without its slash; raises `UsageError` with the nearest one."""
    for command in ALL:
        if name in (command.slash, command.name):
            return command
    names = [command.slash for command in ALL]
    known = {*names, *(command.name for command in ALL)}
    raise UsageError(f"there is no command /{name[:80]}{did_you_mean(name, known)} (commands: /{', /'.join(names)})")
