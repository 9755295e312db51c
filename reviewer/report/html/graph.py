"""The permission graph: what is asked for on the left, what is used on the right, lines where one covers the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.report.escape.terminal import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.core.review import Permissions

_ROW: Final = 34
_TOP: Final = 34
_MOST: Final = 60
"""Permissions drawn on each side; the table below the picture has them all."""
_LABEL: Final = 32
"""Characters of a name that fit into its box."""


class Node(NamedTuple):
    """A box; ``state`` is its class in the style sheet."""

    label: str
    state: str
    y: int


class Edge(NamedTuple):
    """A line between the middles of two boxes."""

    start: int
    end: int


class Graph(NamedTuple):
    """The picture in units of its own."""

    left: tuple[Node, ...]
    right: tuple[Node, ...]
    edges: tuple[Edge, ...]
    height: int
    left_out: int
    summary: str
    """The picture in words, for whoever can't see it."""


def graph(permissions: Permissions) -> Graph | None:
    """Return the picture of declared and used permissions, or None where there are none."""
    if not (permissions.declared or permissions.used):
        return None
    undeclared, unused = set(permissions.undeclared), set(permissions.unused)
    left = [(name, "unused" if name in unused else "kept") for name in permissions.declared]
    right = [(name, "undeclared" if name in undeclared else "kept") for name in permissions.used]
    covered = {place.permission: place.covered_by for place in permissions.places if not place.declared}
    left_nodes, right_nodes = _nodes(left), _nodes(right)
    starts = {name: number for number, (name, _state) in enumerate(left[:_MOST])}
    edges = tuple(
        Edge(left_nodes[starts[name]].y, node.y)
        for (used, _state), node in zip(right, right_nodes, strict=False)
        for name in covered.get(used, ())
        if name in starts
    )
    rows = max(len(left_nodes), len(right_nodes), 1)
    return Graph(
        left_nodes,
        right_nodes,
        edges,
        _TOP + rows * _ROW + 8,
        max(len(left) - _MOST, 0) + max(len(right) - _MOST, 0),
        f"{len(left)} permissions declared, {len(right)} used, {len(undeclared)} used without being declared, "
        f"{len(unused)} declared and not used",
    )


def _nodes(named: Sequence[tuple[str, str]]) -> tuple[Node, ...]:
    return tuple(
        Node(_label(name), state, _TOP + number * _ROW + _ROW // 2)
        for number, (name, state) in enumerate(named[:_MOST])
    )


def _label(name: str) -> str:
    shown = show(name[:_LABEL])
    return shown if len(shown) <= _LABEL and len(name) <= _LABEL else f"{shown[: _LABEL - 1]}…"
