"""Generators that are used as context managers."""

from __future__ import annotations

from reviewer.code.syntax import Member, Name, Node
from reviewer.code.walk import walk


def manages(decorator: Node) -> bool:
    """Tell whether a decorator makes a context manager of a generator."""
    said = {
        (node.name if isinstance(node, Member) else node.id).lower()
        for node in walk(decorator)
        if isinstance(node, Member | Name)
    }
    return bool(said & {"contextmanager", "asynccontextmanager"})
