"""The rows that the functions over a whole market take: what a store knows of a subject in a few words."""

from __future__ import annotations

from typing import NamedTuple


class Plugin(NamedTuple):
    """One entry of a market as it names itself."""

    entry: int
    """Its place in the run."""
    ecosystem: str
    id: str
    version: str
    publisher: str
    digest: str
    """Of the entry; two with one digest are one package that stands twice."""
    subject: int
    """Its id in the store."""

    @property
    def key(self) -> tuple[str, str]:
        """What identifies a plugin whatever its version is."""
        return self.ecosystem, self.id


class Need(NamedTuple):
    """One thing that a subject says it needs; ``range`` is empty where any version will do."""

    subject: int
    id: str
    range: str
    kind: str
    """``plugin``, ``package`` or ``peer``."""


class Standing(NamedTuple):
    """What a review says of a plugin, as far as it bears on whoever needs the plugin."""

    score: int
    """Risk of its permissions, 0 to 100."""
    gravest: int
    """Rank of its gravest finding, -1 for none."""
    permissions: tuple[str, ...]
    """Asked for or used."""


class Held(NamedTuple):
    """A permission of a subject, and whether it is ``declared``, ``used``, ``undeclared`` or ``unused``."""

    ecosystem: str
    permission: str
    how: str
    plugin: str


class FileFinding(NamedTuple):
    """A finding in a file whose content is known."""

    digest: str
    ecosystem: str
    plugin: str
    entry: int
    path: str
    rule: str
    name: str
    severity: str
    line: int
    message: str
