"""Calls a command as the command line would, and returns what it answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mcp.server.fastmcp.exceptions import ToolError

from reviewer.commands.command import Console, Invocation
from reviewer.commands.parsing import parse
from reviewer.commands.registry import find
from reviewer.core.errors import ReviewerError

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN: Final = Console(width=100)


def text(command: str, options: Sequence[str], *arguments: str) -> str:
    """Return the text that a command answers; raises `ToolError` with the message that a person would get.

    ``arguments`` are never taken for options, whatever they begin with.
    """
    record = find(command)
    try:
        return record(Invocation(parse(record, [*options, "--", *arguments]), _PLAIN)).text
    except ReviewerError as error:
        raise ToolError(str(error)) from error


def data(command: str, options: Sequence[str], *arguments: str) -> dict[str, Any]:
    """Return the JSON that a command answers; raises `ToolError` likewise."""
    found: dict[str, Any] = json.loads(text(command, [*options, "--format", "json"], *arguments))
    return found


def listed(option: str, values: Sequence[str]) -> list[str]:
    """Return an option once for each value."""
    return [f"{option}={value}" for value in values]
