"""The MCP servers that a plugin starts or talks to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.experts.assistant.host import BUNDLE
from reviewer.experts.assistant.parts import parts_of

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value


class Server(Struct, frozen=True):
    """One server: its name, and the object that says how it is reached."""

    path: str
    name: str
    value: Value

    def text(self, key: str) -> str:
        """Return a text of it, or an empty one."""
        found = self.value.get(key)
        return found.text if found is not None else ""

    @property
    def arguments(self) -> list[Value]:
        """What its program is given."""
        found = self.value.get("args")
        return list(found.items()) if found is not None else []

    @property
    def words(self) -> list[str]:
        """Program and arguments; a command with spaces counts as several words."""
        return [*self.text("command").split(), *(one.text for one in self.arguments)]

    @property
    def place(self) -> Value:
        """Where its program stands, or else the server as a whole."""
        return self.value.get("command") or self.value


def servers_of(inquiry: Inquiry) -> Iterator[Server]:
    """Yield every server of the subject, by file; one of a bundle with what it does on single platforms."""
    parts = parts_of(inquiry)
    for path, table in parts.servers:
        if inquiry.subject.ecosystem == BUNDLE:
            yield Server(path, "", table)
            overrides = table.get("platform_overrides")
            for platform, value in overrides.members() if overrides is not None else ():
                yield Server(path, platform, value)
            continue
        for name, value in table.members():
            if value.kind == "object":
                yield Server(path, name, value)
    for page in parts.of("agent"):
        own = page.get("mcpServers")
        for name, value in own.members() if own is not None else ():
            if value.kind == "object":
                yield Server(page.path, name, value)
