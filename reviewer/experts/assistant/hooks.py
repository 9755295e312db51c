"""The hooks of an assistant plugin: each with its event, its matcher and what it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_MOST: Final = 500
EVERY_TOOL: Final = ("", "*", ".*")
"""Matchers that fit every tool."""


class Hook(Struct, frozen=True):
    """One hook; ``entry`` is the object with its type and what it runs."""

    path: str
    event: str
    matcher: Value | None
    entry: Value

    @property
    def type(self) -> str:
        """The type that it says; a command where it says none."""
        value = self.entry.get("type")
        return value.text if value is not None else "command"

    @property
    def command(self) -> Value | None:
        """The text of a shell, or the program where there are arguments."""
        return self.entry.get("command")

    @property
    def line(self) -> str:
        """Program and arguments as one text."""
        command, arguments = self.command, self.entry.get("args")
        words = [command.text] if command is not None else []
        words += [item.text for item in arguments.items()] if arguments is not None else []
        return " ".join(words)

    @property
    def in_shell(self) -> bool:
        """Whether a shell reads the command: it does where no arguments are given apart."""
        return self.entry.get("args") is None

    @property
    def fits_every_tool(self) -> bool:
        """Whether its matcher leaves nothing out."""
        return self.matcher is None or self.matcher.text.strip() in EVERY_TOOL

    def fits(self, tool: str) -> bool:
        """Tell whether its matcher fits a tool."""
        return self.fits_every_tool or (self.matcher is not None and found(f"^({self.matcher.text})$", tool))


def tables_of(inquiry: Inquiry) -> Iterator[tuple[str, Value]]:
    """Yield path and table of events of every place that has hooks, pages included."""
    parts = parts_of(inquiry)
    yield from parts.hooks
    for page in parts.of("skill", "agent", "command"):
        table = page.get("hooks")
        if table is not None and table.kind == "object":
            yield page.path, table


def hooks_of(inquiry: Inquiry) -> list[Hook]:
    """Return every hook of the subject, in the order of its files; worked out once."""
    known = inquiry.memory.get("assistant-hooks")
    if isinstance(known, list):
        return known
    made = [hook for path, table in tables_of(inquiry) for hook in _of_table(path, table)][:_MOST]
    inquiry.memory["assistant-hooks"] = made
    return made


def _of_table(path: str, table: Value) -> Iterator[Hook]:
    for event, groups in table.members():
        for group in groups.items():
            entries = group.get("hooks")
            for entry in entries.items() if entries is not None else ():
                if entry.kind == "object":
                    yield Hook(path, event, group.get("matcher"), entry)
