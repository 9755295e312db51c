"""The plugins of a market and what they need of one another, as a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.market.whole.newest import newest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.market.whole.records import Need, Plugin


class Graph(Struct, frozen=True):
    """Plugins by number, in the order of ecosystem and id; of each the newest version counts."""

    plugins: tuple[Plugin, ...]
    needs: tuple[tuple[Need, ...], ...]
    """What each plugin needs, by its number."""
    target: dict[tuple[str, str], int]
    """The number of a plugin, by ecosystem and id."""
    versions: dict[tuple[str, str], tuple[str, ...]]
    """All versions of a plugin that the market has."""

    def met(self, number: int) -> list[int]:
        """Return the numbers of the plugins that one needs and that are there, itself left out."""
        ecosystem = self.plugins[number].ecosystem
        found = (self.target.get((ecosystem, need.id)) for need in self.needs[number])
        return [one for one in found if one is not None and one != number]


def graph(plugins: Iterable[Plugin], needs: Iterable[Need]) -> Graph:
    """Build the graph; what was needed by a version that is not the newest is left out."""
    known = list(plugins)
    chosen = [plugin for _key, plugin in sorted(newest(known).items())]
    number_of = {plugin.subject: number for number, plugin in enumerate(chosen)}
    of: list[list[Need]] = [[] for _ in chosen]
    for need in needs:
        number = number_of.get(need.subject)
        if number is not None:
            of[number].append(need)
    versions: dict[tuple[str, str], list[str]] = {}
    for plugin in known:
        versions.setdefault(plugin.key, []).append(plugin.version)
    return Graph(
        tuple(chosen),
        tuple(tuple(sorted(one, key=lambda need: (need.id, need.range))) for one in of),
        {plugin.key: number for number, plugin in enumerate(chosen)},
        {key: tuple(many) for key, many in versions.items()},
    )
