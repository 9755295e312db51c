"""Reads a line of the slash prompt: the command and a value for every argument."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from reviewer.commands.parsing import parse
from reviewer.core.errors import UsageError
from reviewer.core.experts import EXPERTS
from reviewer.tui.prompt.own import find

if TYPE_CHECKING:
    from reviewer.commands.command import Command


class Typed(NamedTuple):
    """A line that was understood."""

    command: Command
    arguments: dict[str, Any]
    wants_help: bool = False


def read(line: str) -> Typed:
    """Read a line that begins with a slash; raises `UsageError`."""
    words = split(line)
    command = find(words[0].removeprefix("/"))
    if {"-h", "--help"} & set(words):
        return Typed(command, {}, wants_help=True)
    return Typed(command, parse(command, _arranged(command, words[1:])))


def split(line: str) -> list[str]:
    """Split a line as a shell would; raises `UsageError` for a quote that is never closed."""
    try:
        return shlex.split(line)
    except ValueError as error:
        raise UsageError(f"{line[:80]}: {error}; close the quote, or write \\ before it") from error


def command_line(command: Command, line: str) -> str:
    """Return the line as it would be typed in a shell."""
    words = split(line)[1:]
    return shlex.join(["reviewer", command.name, *_arranged(command, words)])


def _arranged(command: Command, words: list[str]) -> list[str]:
    """Let the words that the prompt takes bare stand behind the options that they mean.

    ``/review-plugin . security`` means ``review . --expert security``, and ``/integration-guide node``
    means ``guide --stack node``, where no file is named so.
    """
    experts = next((argument.name for argument in command.arguments if argument.field == "experts"), "")
    stack = next((argument.name for argument in command.arguments if argument.field == "stack"), "")
    arranged: list[str] = []
    for number, word in enumerate(words):
        after_option = number > 0 and words[number - 1].startswith("--") and "=" not in words[number - 1]
        if after_option or os.path.lexists(word):
            arranged.append(word)
        elif experts and word in EXPERTS:
            arranged += [experts, word]
        elif stack and word.replace("-", "").isalpha():
            arranged += [stack, word]
        else:
            arranged.append(word)
    return arranged
