"""Needs that a market can't meet: nobody has the id, or nobody a version in the range."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reviewer.experts.registry.ranges import admits, read_range

if TYPE_CHECKING:
    from reviewer.market.whole.graph import Graph
    from reviewer.market.whole.records import Need, Plugin


class Unmet(NamedTuple):
    """A need that stays open."""

    plugin: Plugin
    need: Need
    there: tuple[str, ...]
    """The versions that the market has of it; empty where it has none."""


def unmet(graph: Graph) -> list[Unmet]:
    """Return the needs that stay open, in the order of the plugins."""
    found = []
    for plugin, needs in zip(graph.plugins, graph.needs, strict=True):
        for need in needs:
            if need.kind != "plugin":
                continue  # a host or a package of the language comes from elsewhere
            there = graph.versions.get((plugin.ecosystem, need.id), ())
            wanted = read_range(need.range)
            if not any(admits(wanted, version) for version in there):
                found.append(Unmet(plugin, need, there))
    return found
