"""The kinds of place that a value can come from, and what is known about one value."""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

from reviewer.code.syntax import Call, Member, Name, Node
from reviewer.experts.security.values.guards import Spellings

OUTSIDE: Final = frozenset({"request", "message", "config", "remote", "manifest", "stored", "argument", "plugin"})
"""Kinds of origin that somebody else than the program decides about."""
SAID: Final = {
    "request": "a request",
    "message": "a message",
    "config": "a setting",
    "remote": "what a server sent",
    "manifest": "a manifest",
    "plugin": "a plugin",
    "stored": "what is stored",
    "argument": "the command line",
    "environment": "the environment",
    "file": "a file",
    "parameter": "a parameter",
    "unknown": "elsewhere",
}
"""What a message calls each kind of origin."""


class Origin(Struct, frozen=True):
    """One place where a value comes from: ``kind`` is a key of `SAID`, ``node`` the expression or parameter.

    ``text`` is what the file says there, which need not be the one that asks.
    """

    kind: str
    node: Node
    text: str = ""


class Trace(Struct):
    """Everything that a value is made of; empty ``origins`` mean that it is written out in the program."""

    origins: list[Origin] = field(default_factory=list)
    names: Spellings = field(default_factory=Spellings)
    """The spellings of the names on the way, by which a check of the value is recognised."""

    @property
    def fixed(self) -> bool:
        """Whether the program alone decides about the value."""
        return not self.origins

    def kinds(self) -> set[str]:
        """The kinds of origin."""
        return {origin.kind for origin in self.origins}

    def worst(self) -> Origin | None:
        """The origin that an outsider has most to say about, or None."""
        order = list(SAID)
        return min(self.origins, key=lambda origin: order.index(origin.kind), default=None)

    @property
    def outside(self) -> bool:
        """Whether somebody outside the program decides about the value."""
        return bool(self.kinds() & OUTSIDE)


_OF_HOST: Final = frozenset({"app", "registry", "toolbar", "scheme"})
"""Members of a request that the host puts there."""


def in_pieces(found: Trace) -> Trace:
    """Return a trace without requests of which no part is known to come: ``draw(request)``, ``request.app``."""
    kept = [one for one in found.origins if one.kind != "request" or not _is_whole(one.node)]
    return Trace(kept, found.names)


def _is_whole(node: Node) -> bool:
    around = node.parent
    if not isinstance(node, Name):
        return False
    if isinstance(around, Member):
        return around.object is node and around.name in _OF_HOST
    return isinstance(around, Call) and around.callee is not node
