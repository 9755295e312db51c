"""All nodes of a module in source order, so that a part of the tree is a stretch of one list."""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeVar

from reviewer.code.syntax import Class, Function, Name, Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

N = TypeVar("N", bound=Node)

_CLOSED: Final = (Function, Class)


class Order:
    """The nodes of a module; each knows its place (``start``) and where what is below it ends (``stop``).

    Walking a lowered tree is the hottest path of a review: a part of the tree is a slice, and
    the nodes of one kind are found without looking at the others.
    """

    __slots__ = ("_by_type", "_kinds", "_names", "memory", "nodes")

    def __init__(self, body: Iterable[Node]) -> None:
        """Number every node below the statements of a module; this lowers all of its functions."""
        nodes: list[Node] = []
        by_type: dict[type[Node], list[Node]] = {}
        stack = list(body)[::-1]
        while stack:
            node = stack.pop()
            parent = node.parent
            node.function = None if parent is None else parent if isinstance(parent, Function) else parent.function
            node.order = self
            # The parser's node keeps a list of its children once it was asked for them, which nobody asks for again.
            node.raw = node.raw.walk().node or node.raw
            node.start = len(nodes)
            nodes.append(node)
            node.stop = len(nodes)
            kind = type(node)
            if kind in by_type:
                by_type[kind].append(node)
            else:
                by_type[kind] = [node]
            # What stands under several nodes comes once, under its parent.
            stack.extend([child for child in node.children() if child.parent is node][::-1])
        for node in reversed(nodes):
            parent = node.parent
            if parent is not None and parent.stop < node.stop:
                parent.stop = node.stop
        self.nodes = tuple(nodes)
        self._by_type = by_type
        self._kinds: dict[object, tuple[list[int], list[Node]]] = {}
        self._names: dict[str, tuple[list[int], list[Name]]] = {}
        self.memory: dict[object, object] = {}
        """What was worked out about long stretches of nodes and is asked for again."""

    def _of(self, kind: type[N]) -> tuple[list[int], list[N]]:
        found = self._kinds.get(kind)
        if found is None:
            lists = [nodes for one, nodes in self._by_type.items() if issubclass(one, kind)]
            hits = lists[0] if len(lists) == 1 else sorted(chain.from_iterable(lists), key=attrgetter("start"))
            found = self._kinds[kind] = ([node.start for node in hits], hits)
        return found  # type: ignore[return-value]  # the list under a kind holds nodes of that kind

    def all(self, kind: type[N]) -> list[N]:
        """Return all nodes of one kind, in source order; nobody may change the list."""
        return self._of(kind)[1]

    def some(self, *kinds: type[Node]) -> list[Node]:
        """Return all nodes of several kinds, in source order; nobody may change the list."""
        found = self._kinds.get(kinds)
        if found is None:
            lists = [nodes for one, nodes in self._by_type.items() if issubclass(one, kinds)]
            hits = sorted(chain.from_iterable(lists), key=attrgetter("start"))
            found = self._kinds[kinds] = ([], hits)
        return found[1]

    def below(self, top: Node) -> tuple[Node, ...]:
        """Return a node and all that is below it."""
        return self.nodes[top.start : top.stop]

    def outside_functions(self, top: Node, *, enter: bool) -> Iterator[Node]:
        """Yield a node and what is below it, nested functions and classes without what is inside them.

        ``enter`` tells whether ``top`` itself is entered where it is a function or a class.
        """
        nodes, place = self.nodes, top.start
        while place < top.stop:
            node = nodes[place]
            yield node
            closed = isinstance(node, _CLOSED) and not (enter and node is top)
            place = node.stop if closed else place + 1

    def find(self, top: Node, kind: type[N]) -> list[N]:
        """Return the nodes of one kind from a node on down."""
        places, hits = self._of(kind)
        return hits[bisect_left(places, top.start) : bisect_left(places, top.stop)]

    def named(self, name: str, start: int, stop: int) -> list[Name]:
        """Return the uses of a name in a stretch of nodes, without a look at the other names."""
        if not self._names:
            for use in self.all(Name):
                places, uses = self._names.setdefault(use.id, ([], []))
                places.append(use.start)
                uses.append(use)
        places, uses = self._names.get(name, ([], []))
        return uses[bisect_left(places, start) : bisect_left(places, stop)]

    def find_outside_functions(self, top: Node, kind: type[N], *, enter: bool) -> Iterator[N]:
        """Yield the nodes of one kind, as `outside_functions` walks."""
        hits = self.find(top, kind)
        if not hits:
            return
        nested = self.find(top, Function | Class)  # type: ignore[arg-type]  # a union works as a kind
        closed, number = -1, 0
        for node in hits:
            while number < len(nested) and nested[number].start < node.start:
                if not (enter and nested[number] is top):
                    closed = max(closed, nested[number].stop)
                number += 1
            if node.start >= closed:
                yield node
