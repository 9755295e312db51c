"""Puts the nodes of a graph into layers, so that arrows lead from one layer to later ones where they can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reviewer.design.diagrams.model import Flow

_SWEEPS: Final = 6


def layers_of(flow: Flow) -> list[list[str]]:
    """Return the ids of all nodes by layer, from the start; within a layer in an order that crosses few arrows."""
    forward = _without_circles(flow)
    depth = {node.id: 0 for node in flow.nodes}
    for _ in flow.nodes:  # longest path: as many rounds as there are nodes suffice
        for source, target in forward:
            depth[target] = max(depth[target], depth[source] + 1)
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for node in flow.nodes:
        layers[depth[node.id]].append(node.id)
    return _ordered(layers, forward)


def _without_circles(flow: Flow) -> list[tuple[str, str]]:
    """Return the arrows without those that lead back to a node from which the search came."""
    targets: dict[str, list[str]] = {node.id: [] for node in flow.nodes}
    for edge in flow.edges:
        if edge.source != edge.target and edge.target in targets and edge.source in targets:
            targets[edge.source].append(edge.target)
    forward: list[tuple[str, str]] = []
    done: set[str] = set()
    for node in flow.nodes:
        if node.id in done:
            continue
        path = [(node.id, iter(targets[node.id]))]
        on_path = {node.id}
        while path:
            here, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                on_path.discard(here)
                done.add(here)
            elif following not in on_path:
                forward.append((here, following))
                if following not in done:
                    path.append((following, iter(targets[following])))
                    on_path.add(following)
    return forward


def _ordered(layers: list[list[str]], forward: list[tuple[str, str]]) -> list[list[str]]:
    """Move each node to the middle of its neighbours, down and up again, a few times."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for source, target in forward:
        before.setdefault(target, []).append(source)
        after.setdefault(source, []).append(target)
    for sweep in range(_SWEEPS):
        neighbours = before if sweep % 2 == 0 else after
        place = {name: at / max(len(layer), 1) for layer in layers for at, name in enumerate(layer)}

        def middle(name: str, neighbours: dict[str, list[str]] = neighbours, place: dict[str, float] = place) -> float:
            near = [place[one] for one in neighbours.get(name, ())]
            return sum(near) / len(near) if near else place[name]

        layers = [sorted(layer, key=middle) for layer in layers]
    return layers
