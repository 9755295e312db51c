"""The base of all nodes."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.order import Order


class _Reader(Protocol):
    """Reads the parts of a node; no method, so that a class can hold one without binding it."""

    def __call__(self, node: Any, /) -> tuple[Any, ...]:
        """Return the values of the attributes that hold children."""
        ...


class Node:
    """A node of the tree; ``raw`` is the parser's node it came from, ``parent`` the node around it."""

    __slots__ = ("function", "order", "parent", "raw", "start", "stop")
    parts: ClassVar[tuple[str, ...]] = ()
    """Names of the attributes that hold children, in source order."""

    raw: RawNode
    parent: Node | None
    order: Order
    """All nodes of the module; not set before the whole module is lowered, like the two that follow."""
    start: int
    """Place in the order."""
    stop: int
    """Place behind the last node that is below this one."""
    function: Node | None
    """The nearest function around this node."""

    _values: ClassVar[_Reader]
    """Reads the attributes of ``parts`` at once; walking the tree is the hottest path of a review."""

    def __init_subclass__(cls) -> None:
        """Prepare the reading of the parts of a kind of node."""
        if len(cls.parts) == 1:
            (only,) = cls.parts
            cls._values = staticmethod(lambda node: (getattr(node, only),))
        elif cls.parts:
            cls._values = attrgetter(*cls.parts)
        else:
            cls._values = staticmethod(lambda _node: ())

    def children(self) -> list[Node]:
        """Return the direct children in source order; bodies of functions and classes included."""
        found: list[Node] = []
        for value in self._values(self):
            if value is None:
                continue
            if isinstance(value, Node):
                found.append(value)
            elif value:
                _gather(value, found)
        return found

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


def _gather(value: Any, found: list[Node]) -> None:
    """Add the nodes in a list, a dict, or a list of pairs."""
    items = value.values() if isinstance(value, dict) else value
    for item in items:
        if isinstance(item, tuple):
            found.extend(part for part in item if part is not None)
        else:
            found.append(item)


class Expr(Node):
    """An expression."""

    __slots__ = ()


class Statement(Node):
    """A statement."""

    __slots__ = ()
