"""Everything that only the whole of a run shows, gathered from its store."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reviewer.market.whole import rows
from reviewer.market.whole.alike import Alike, alike
from reviewer.market.whole.closure import Inherited, inherited
from reviewer.market.whole.components import circle, components
from reviewer.market.whole.conflicts import Conflict, conflicts
from reviewer.market.whole.graph import graph
from reviewer.market.whole.permissions import PermissionUse, permission_uses
from reviewer.market.whole.shared import Shared, shared
from reviewer.market.whole.unmet import Unmet, unmet
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from reviewer.market.reading import MarketReader
    from reviewer.market.whole.records import Plugin


class Whole(NamedTuple):
    """The picture of a market."""

    alike: list[Alike]
    unmet: list[Unmet]
    circles: list[tuple[Plugin, ...]]
    """Plugins that need one another, each circle as one way round."""
    conflicts: list[Conflict]
    inherited: list[Inherited]
    permissions: list[PermissionUse]
    shared: list[Shared]


def _risk(ecosystem: str, permission: str) -> int:
    """Return the base risk of a permission, as the table of its ecosystem has it, else the generic one."""
    table = permission_table(ecosystem) or permission_table("generic")
    return table.risk(permission) if table is not None else 0


def whole(reader: MarketReader, run: int) -> Whole:
    """Gather the picture of a run."""
    plugins = rows.plugins(reader, run)
    needs = graph(plugins, rows.needs(reader, run))
    order = components(needs)
    circles = sorted(circle(needs, group) for group in order if len(group) > 1)
    return Whole(
        alike(plugins),
        unmet(needs),
        [tuple(needs.plugins[number] for number in way) for way in circles],
        conflicts(needs, order),
        inherited(needs, order, rows.standings(reader, run)),
        permission_uses(rows.permissions(reader, run), _risk),
        shared(rows.file_findings(reader, run)),
    )
