"""Plugins that need one another in a circle, and an order in which every other one comes after what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.market.whole.graph import Graph


def components(graph: Graph) -> list[list[int]]:
    """Return the plugins in groups, what is needed before what needs it; a group of several is a circle.

    Tarjan's search, with a list for its stack: a chain of sixty thousand is no deeper for it than one of three.
    """
    size = len(graph.plugins)
    index, low = [-1] * size, [0] * size
    waiting: list[int] = []
    is_waiting = bytearray(size)
    groups: list[list[int]] = []
    seen = 0
    for root in range(size):
        path = [(root, iter(graph.met(root)))] if index[root] < 0 else []
        while path:
            node, rest = path[-1]
            if index[node] < 0:
                index[node] = low[node] = seen
                seen += 1
                waiting.append(node)
                is_waiting[node] = 1
            for target in rest:
                if index[target] < 0:
                    path.append((target, iter(graph.met(target))))
                    break
                if is_waiting[target]:
                    low[node] = min(low[node], index[target])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == index[node]:
                    group = _taken(waiting, node)
                    for one in group:
                        is_waiting[one] = 0
                    groups.append(group)
    return groups


def circle(graph: Graph, group: list[int]) -> list[int]:
    """Return one way through a group of several that comes back to where it began, the shortest from its first."""
    inside, start = set(group), group[0]
    came_from: dict[int, int] = {}
    edge = [start]
    while edge:
        following: list[int] = []
        for node in edge:
            for target in graph.met(node):
                if target == start:
                    way = [node]
                    while way[-1] != start:
                        way.append(came_from[way[-1]])
                    return way[::-1]
                if target in inside and target not in came_from:
                    came_from[target] = node
                    following.append(target)
        edge = following
    return [start]


def _taken(waiting: list[int], node: int) -> list[int]:
    """Take from the end of a list all down to a node, and return it in order."""
    at = len(waiting) - 1
    while waiting[at] != node:
        at -= 1
    group = sorted(waiting[at:])
    del waiting[at:]
    return group
