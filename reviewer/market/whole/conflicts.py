"""Plugins that can't be installed as a whole, because what they bring along wants versions that exclude each other."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.experts.registry.ranges import meet, read_range

if TYPE_CHECKING:
    from reviewer.market.whole.graph import Graph
    from reviewer.market.whole.records import Plugin

_ONE_FOR_ALL: Final = frozenset({"plugin", "peer"})
"""Kinds of needs of which an installation has one version; of a package everybody may have its own."""
_MOST_RANGES: Final = 40
"""Ranges of one plugin that are held against each other, the most used first."""
_MOST_PAIRS: Final = 2_000
"""Pairs of ranges that exclude each other and are followed; more are those of a market that somebody made for it."""


class Conflict(NamedTuple):
    """A plugin whose closure needs one thing in two ranges that never meet."""

    plugin: Plugin
    id: str
    one: tuple[str, str]
    """Who needs it, and in which range."""
    other: tuple[str, str]


class _Pair(NamedTuple):
    ecosystem: str
    id: str
    one: str
    other: str


def conflicts(graph: Graph, order: list[list[int]]) -> list[Conflict]:
    """Return each conflict at the plugin where it comes together, not at all that need that one.

    ``order`` are the components of the graph. What a closure wants of contended things is a set of bits, handed from
    a plugin to those that need it: the work grows with the needs, times the contended ranges over the bits of a word.
    """
    pairs = _pairs(graph)
    if not pairs:
        return []
    bit: dict[tuple[str, str, str], int] = {}
    for pair in pairs:
        for text in (pair.one, pair.other):
            bit.setdefault((pair.ecosystem, pair.id, text), len(bit))
    wanted = [0] * len(graph.plugins)
    both = [(pair, 1 << bit[(*pair[:2], pair.one)] | 1 << bit[(*pair[:2], pair.other)]) for pair in pairs]
    found: list[Conflict] = []
    for group in order:
        own = 0
        for number in group:
            for need in graph.needs[number]:
                at = bit.get((graph.plugins[number].ecosystem, need.id, need.range))
                if at is not None and need.kind in _ONE_FOR_ALL:
                    own |= 1 << at
        below = {target for number in group for target in graph.met(number)} - set(group)
        brought = {wanted[target] for target in below} - {0}
        whole = own
        for mask in brought:
            whole |= mask
        for number in group:
            wanted[number] = whole
        if whole.bit_count() > 1 and whole not in brought:
            found += [
                _told(graph, group[0], pair, bit, wanted)
                for pair, mask in both
                if whole & mask == mask and not any(one & mask == mask for one in brought)
            ]
    return found


def _pairs(graph: Graph) -> list[_Pair]:
    """Return the ranges of one thing that never meet."""
    ranges: dict[tuple[str, str], dict[str, int]] = {}
    for plugin, needs in zip(graph.plugins, graph.needs, strict=True):
        for need in needs:
            if need.kind not in _ONE_FOR_ALL:
                continue
            counts = ranges.setdefault((plugin.ecosystem, need.id), {})
            counts[need.range] = counts.get(need.range, 0) + 1
    found: list[_Pair] = []
    for (ecosystem, identity), counts in sorted(ranges.items()):
        if len(counts) < 2:
            continue
        used = sorted(counts, key=lambda text: (-counts[text], text))[:_MOST_RANGES]
        found += [
            _Pair(ecosystem, identity, one, other)
            for one, other in combinations(sorted(used), 2)
            if not meet(read_range(one), read_range(other))
        ]
        if len(found) >= _MOST_PAIRS:
            return found[:_MOST_PAIRS]
    return found


def _told(graph: Graph, number: int, pair: _Pair, bit: dict[tuple[str, str, str], int], wanted: list[int]) -> Conflict:
    """Return a conflict with the names of those who want the two ranges."""
    sides = tuple(
        (_who(graph, number, (pair.id, text), 1 << bit[pair.ecosystem, pair.id, text], wanted), text)
        for text in (pair.one, pair.other)
    )
    return Conflict(graph.plugins[number], pair.id, sides[0], sides[1])


def _who(graph: Graph, start: int, need: tuple[str, str], mask: int, wanted: list[int]) -> str:
    """Return the id of the nearest plugin below one that wants a thing in a range."""
    seen, edge = {start}, [start]
    while edge:
        following: list[int] = []
        for number in edge:
            if any((one.id, one.range) == need for one in graph.needs[number]):
                return graph.plugins[number].id
            for target in graph.met(number):
                if target not in seen and wanted[target] & mask:
                    seen.add(target)
                    following.append(target)
        edge = following
    return graph.plugins[start].id
