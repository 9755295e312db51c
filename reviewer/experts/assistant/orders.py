"""Every piece of shell text that a plugin has run: by its hooks, its servers, its pages and its scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from reviewer.core.errors import UnreadableError
from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.page import Role
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.assistant.servers import servers_of
from reviewer.subject.sources import is_test

if TYPE_CHECKING:
    from reviewer.experts.assistant.page import Page
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

SHELL_SUFFIXES: Final = (".sh", ".bash", ".zsh")
_BLOCK: Final = regex(r"(?:^|(?<=\s))!`([^`\n]{1,1000})`")
_MOST_SCRIPTS: Final = 200
_LARGEST: Final = 200_000
_LONGEST: Final = 4000


class Runs(StrEnum):
    """Who runs it."""

    HOOK = "hook"
    SERVER = "server"
    PAGE = "page"
    """A ``!`` block: it runs when the page is opened, before anybody reads it."""
    SCRIPT = "script"


class Order(Struct, frozen=True):
    """One piece of shell text with its place."""

    text: str
    at: Value | Location
    runs: Runs


class ShellLine(Struct, frozen=True):
    """One command line of a script, its continuations joined to it."""

    number: int
    text: str
    indent: int

    def place(self, path: str) -> Location:
        """Return its place in the script."""
        return Location(path, self.number, self.indent + 1, self.number, self.indent + 1 + len(self.text.rstrip("\\ ")))


Script: TypeAlias = "tuple[str, list[ShellLine]]"


def orders_of(inquiry: Inquiry) -> list[Order]:
    """Return all of it, in a fixed order; worked out once."""
    known = inquiry.memory.get("assistant-orders")
    if isinstance(known, list):
        return known
    made = list(_all(inquiry))
    inquiry.memory["assistant-orders"] = made
    return made


def _all(inquiry: Inquiry) -> Iterator[Order]:
    for hook in hooks_of(inquiry):
        if hook.type == "command" and hook.command is not None:
            yield Order(hook.line[:_LONGEST], hook.command, Runs.HOOK)
    for server in servers_of(inquiry):
        if server.words:
            yield Order(" ".join(server.words)[:_LONGEST], server.place, Runs.SERVER)
    for page in parts_of(inquiry).of("skill", "command", "agent"):
        for place, text in blocks_of(page):
            yield Order(text, place, Runs.PAGE)
    for path, lines in shell_scripts(inquiry):
        for line in lines:
            yield Order(line.text, line.place(path), Runs.SCRIPT)


def blocks_of(page: Page) -> Iterator[tuple[Location, str]]:
    """Yield the ``!`` blocks of a page: shell text that runs when somebody calls it up."""
    for line in page.lines:
        if line.role is Role.FENCE or "!`" not in line.text:
            continue
        for hit in _BLOCK.finditer(line.text):
            yield page.place(line.number, hit.start(), hit.end()), hit[1]


def shell_scripts(inquiry: Inquiry) -> list[Script]:
    """Return the shell scripts of an assistant plugin or skill with their lines; worked out once."""
    known = inquiry.memory.get("assistant-scripts")
    if isinstance(known, list):
        return known
    paths = [path for path in inquiry.subject.files if path.endswith(SHELL_SUFFIXES) and not is_test(path)]
    made = [(path, list(shell_lines(text))) for path in paths[:_MOST_SCRIPTS] if (text := text_of(inquiry, path))]
    inquiry.memory["assistant-scripts"] = made
    return made


def text_of(inquiry: Inquiry, path: str) -> str:
    """Return the text of a file of the subject; empty for one that can't be read or is very large."""
    try:
        data = inquiry.subject.read(path)
    except UnreadableError:
        return ""
    return data.decode("utf-8", "replace") if len(data) <= _LARGEST else ""


def shell_lines(text: str) -> Iterator[ShellLine]:
    """Yield the lines that a shell runs: no comments, no texts that are handed over with ``<<``."""
    ending = ""
    start, joined = 0, ""
    for number, whole in enumerate(text.split("\n"), start=1):
        line = whole.rstrip("\r")[:_LONGEST]
        if ending:
            ending = "" if line.strip() == ending else ending
            continue
        if not joined and line.lstrip().startswith("#"):
            continue
        start = start if joined else number
        joined = f"{joined} {line.strip()}" if joined else line
        if line.endswith("\\") and len(joined) < _LONGEST:
            joined = joined.rstrip("\\")
            continue
        bare = joined.strip()
        if bare:
            yield ShellLine(start, bare, len(joined) - len(joined.lstrip()))
        here = re.search(r"<<-?\s{0,3}['\"]?([A-Za-z_]\w{0,40})", bare)
        ending = here[1] if here is not None else ""
        joined = ""
