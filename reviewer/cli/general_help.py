"""What ``reviewer --help`` prints, drawn from the command registry."""

from __future__ import annotations

from reviewer import __version__
from reviewer.commands.faces import FACES
from reviewer.commands.registry import COMMANDS


def general_help() -> str:
    """Return what ``reviewer --help`` prints."""
    width = max(len(command.name) for command in (*COMMANDS, *FACES)) + 2
    lines = [
        f"reviewer {__version__}: designs and reviews plugin systems, and never runs them",
        "",
        "usage: reviewer COMMAND [ARGUMENT…]",
        "",
        "commands:",
        *(f"  {command.name:<{width}}{command.summary}" for command in (*COMMANDS, *FACES)),
        "",
        "exit codes: 0 passed · 1 findings · 2 usage · 3 nothing to review · 4 not complete · 130 interrupted",
        "reviewer COMMAND --help shows its arguments; a slash before a command is accepted",
    ]
    return "\n".join(lines) + "\n"
