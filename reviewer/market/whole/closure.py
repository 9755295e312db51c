"""What comes along with a plugin: whoever installs it trusts everything that it needs, and what that needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reviewer.market.whole.records import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.market.whole.graph import Graph
    from reviewer.market.whole.records import Plugin

_UNKNOWN = Standing(0, -1, ())


class Inherited(NamedTuple):
    """A plugin that stands worse with what it needs than alone."""

    plugin: Plugin
    own: Standing
    score: int
    """The highest of the closure, and who brings it."""
    score_by: str
    gravest: int
    gravest_by: str
    permissions: tuple[str, ...]
    """What the closure may and the plugin alone may not."""

    @property
    def worse_by(self) -> tuple[int, int, int]:
        """How much worse, for an order: gravest finding, score, permissions."""
        return self.gravest - self.own.gravest, self.score - self.own.score, len(self.permissions)


class _Carried(NamedTuple):
    """What a group of plugins hands to those that need it: highest values with the number of who has them."""

    score: tuple[int, int]
    gravest: tuple[int, int]
    permissions: int


def inherited(graph: Graph, order: list[list[int]], standing: Mapping[int, Standing]) -> list[Inherited]:
    """Return the plugins that stand worse with their closure, the worst first.

    ``order`` are the components of the graph, ``standing`` is by the subject of a plugin. Every plugin is
    looked at once: permissions are bits, so that a closure is never listed.
    """
    names: list[str] = []
    bit: dict[str, int] = {}
    own = [standing.get(plugin.subject, _UNKNOWN) for plugin in graph.plugins]
    masks = []
    for one in own:
        mask = 0
        for permission in one.permissions:
            if permission not in bit:
                bit[permission] = len(names)
                names.append(permission)
            mask |= 1 << bit[permission]
        masks.append(mask)
    carried: dict[int, _Carried] = {}
    for group in order:
        parts = [_Carried((own[one].score, -one), (own[one].gravest, -one), masks[one]) for one in group]
        below = {target for one in group for target in graph.met(one)} - set(group)
        parts += [carried[target] for target in below]
        permissions = 0
        for part in parts:
            permissions |= part.permissions
        whole = _Carried(max(part.score for part in parts), max(part.gravest for part in parts), permissions)
        carried.update(dict.fromkeys(group, whole))
    found = []
    for number, plugin in enumerate(graph.plugins):
        whole, mine = carried[number], own[number]
        gained = whole.permissions & ~masks[number]
        if whole.score[0] > mine.score or whole.gravest[0] > mine.gravest or gained:
            found.append(
                Inherited(
                    plugin,
                    mine,
                    whole.score[0],
                    graph.plugins[-whole.score[1]].id,
                    whole.gravest[0],
                    graph.plugins[-whole.gravest[1]].id,
                    tuple(sorted(name for at, name in enumerate(names) if gained >> at & 1)),
                )
            )
    return sorted(found, key=lambda one: (*(-by for by in one.worse_by), one.plugin))
