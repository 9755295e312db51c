"""What is drawn: boxes with arrows between them, state machines, and sequences of messages."""

from __future__ import annotations

from msgspec import Struct

START = "start"
"""The node of a state machine from which everything begins, and to which it returns."""


class Node(Struct, frozen=True):
    """A box. ``kind`` says how it looks: ``part``, ``actor``, ``store``, ``plugin``, ``state`` or ``bad``."""

    id: str
    label: str
    kind: str = "part"
    group: str = ""


class Edge(Struct, frozen=True):
    """An arrow."""

    source: str
    target: str
    label: str = ""
    dashed: bool = False


class Group(Struct, frozen=True):
    """A frame around the nodes that name it."""

    id: str
    label: str


class Flow(Struct, frozen=True):
    """A graph; ``machine`` marks a state machine, ``across`` a graph that is read from left to right."""

    id: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...] = ()
    machine: bool = False
    across: bool = False

    def label(self, node: str) -> str:
        """Return the label of a node."""
        return next((one.label for one in self.nodes if one.id == node), node)


class Message(Struct, frozen=True):
    """One message of a sequence; a ``reply`` is drawn dashed, and one to oneself as a loop."""

    source: str
    target: str
    text: str
    reply: bool = False


class Sequence(Struct, frozen=True):
    """Messages between actors, from the top down."""

    id: str
    title: str
    actors: tuple[tuple[str, str], ...]
    """Id and label, from the left."""
    messages: tuple[Message, ...]
