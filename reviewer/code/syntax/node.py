"""The base of all nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode


class Node:
    """A node of the tree; ``raw`` is the parser's node it came from, ``parent`` the node around it."""

    __slots__ = ("parent", "raw")
    parts: ClassVar[tuple[str, ...]] = ()
    """Names of the attributes that hold children, in source order."""

    raw: RawNode
    parent: Node | None

    def children(self) -> Iterator[Node]:
        """Yield the direct children in source order; bodies of functions and classes included."""
        for part in self.parts:
            value = getattr(self, part)
            if value is None:
                continue
            if isinstance(value, Node):
                yield value
            else:
                yield from _nodes(value)

    @property
    def line(self) -> int:
        """First line, counting from 1."""
        return self.raw.start_point[0] + 1

    @property
    def end_line(self) -> int:
        """Last line, counting from 1."""
        return self.raw.end_point[0] + 1

    def __repr__(self) -> str:
        """Show kind and place, for the person who debugs a rule."""
        return f"<{type(self).__name__} line {self.line}>"


def _nodes(value: Any) -> Iterator[Node]:
    """Yield the nodes in a list, a dict, or a list of pairs."""
    items = value.values() if isinstance(value, dict) else value
    for item in items:
        if isinstance(item, Node):
            yield item
        elif isinstance(item, tuple):
            yield from (part for part in item if isinstance(part, Node))


class Expr(Node):
    """An expression."""

    __slots__ = ()


class Statement(Node):
    """A statement."""

    __slots__ = ()
