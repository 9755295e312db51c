"""Runs the commands that have no screen of their own: what they answer is a document."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.message import Message

from reviewer.commands.command import Console, Invocation
from reviewer.commands.output_file import OutputError, write_file
from reviewer.commands.parsing import format_choices
from reviewer.core.errors import ReviewerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.tui.prompt.line import Typed

_WIDTH: Final = 100
_AS_IT_STANDS: Final = {"markdown": "markdown", "json": "json", "sarif": "json", "gitlab": "json"}
"""How a format is shown; any other is shown as text."""


@dataclass
class Answered(Message):
    """A command has answered."""

    title: str
    text: str
    form: str
    about: str


@dataclass
class Refused(Message):
    """A command could not answer; the message is for a person."""

    message: str


def run(typed: Typed, shell_line: str, tell: Callable[[Message], object]) -> None:
    """Run a command in the thread of the caller, and tell what it answered; never raises."""
    try:
        tell(_run(typed, shell_line))
    except (ReviewerError, OutputError) as error:
        tell(Refused(str(error)))
    except Exception as error:  # noqa: BLE001 - the application lives on, and says what happened
        tell(Refused(f"internal error: {type(error).__name__}: {error}"))


def _run(typed: Typed, shell_line: str) -> Answered:
    command, arguments = typed.command, dict(typed.arguments)
    chosen = next((argument for argument in command.arguments if argument.field == "format"), None)
    form = "text"
    if chosen is not None:
        # A document reads best with headings; a form that a person named stays.
        if arguments["format"] == chosen.default and "markdown" in format_choices(chosen):
            arguments["format"] = "markdown"
        form = _AS_IT_STANDS.get(arguments["format"], "text")
    reply = command(Invocation(arguments, Console(width=_WIDTH)))
    if chosen is None and reply.text.startswith("# "):
        form = "markdown"  # a command that only writes documents
    about = shell_line
    file = str(arguments.get("output") or "")
    if file:
        write_file(file, reply.text)
        about = f"{shell_line} · written to {os.path.normpath(file)}"
    if reply.note:
        about = f"{about} · {reply.note}"
    return Answered(command.name.capitalize(), reply.text, form, about)
