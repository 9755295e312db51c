"""What only the whole shows, as tables that every face can lay out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.core.scale import Severity
from reviewer.report.verdict import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.market.whole.alike import Alike
    from reviewer.market.whole.closure import Inherited
    from reviewer.market.whole.conflicts import Conflict
    from reviewer.market.whole.permissions import PermissionUse
    from reviewer.market.whole.picture import Whole
    from reviewer.market.whole.records import Plugin
    from reviewer.market.whole.shared import Shared
    from reviewer.market.whole.unmet import Unmet

MOST: Final = 50
"""Rows of a table; the others are counted."""
_NAMED: Final = 5
"""Plugins that a cell names."""
_BY_RANK: Final = {severity.rank: severity.value for severity in Severity}


class Section(NamedTuple):
    """One table."""

    key: str
    title: str
    about: str
    """What it shows and why it matters, in a sentence."""
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    """The first; a row has a text for each column."""
    total: int
    """How many rows there are."""
    none: str
    """What is said where there is none."""

    @property
    def left_out(self) -> int:
        """How many rows are not shown."""
        return self.total - len(self.rows)


def sections(whole: Whole) -> list[Section]:
    """Return the tables in the order in which somebody who guards a market wants to know them."""
    return [
        _section(
            "alike",
            "Ids that stand twice or look alike",
            "Who means the one may install the other.",
            ("how", "ecosystem", "ids"),
            whole.alike,
            _alike,
            "No two ids are taken for one another.",
        ),
        _section(
            "shared",
            "Libraries with a finding that several ship",
            "The same file, byte for byte, in several plugins: mended once, it is mended for all.",
            ("file", "shipped by", "findings"),
            whole.shared,
            _shared,
            "No file with a finding is shipped by more than one plugin.",
        ),
        _section(
            "inherited",
            "Worse with what comes along",
            "Plugins whose dependencies have graver findings, a higher score or further permissions than they have.",
            ("plugin", "gravest finding", "score", "permissions that come along"),
            whole.inherited,
            _inherited,
            "No plugin stands worse with its dependencies than alone.",
        ),
        _section(
            "conflicts",
            "Ranges that exclude each other",
            "Plugins that can't be installed with all that they need: no version satisfies both.",
            ("plugin", "needs", "in", "and in"),
            whole.conflicts,
            _conflict,
            "No plugin brings along ranges that exclude each other.",
        ),
        _section(
            "circles",
            "Circles",
            "Plugins that need one another: no order of loading satisfies that.",
            ("ecosystem", "circle"),
            whole.circles,
            _circle,
            "No plugins need one another in a circle.",
        ),
        _section(
            "unmet",
            "Needs that stay open",
            "Plugins that need another one which the market does not have, or not in a version that will do.",
            ("plugin", "needs", "range", "there is"),
            whole.unmet,
            _unmet,
            "Every plugin that is needed is there.",
        ),
        _section(
            "permissions",
            "Permissions over the market",
            "How many subjects ask for each and use it; risk is from 0 to 10.",
            ("permission", "risk", "asked for", "used", "used, not asked for", "asked for, not used", "who is alone"),
            whole.permissions,
            _permission,
            "No subject asks for a permission or uses one.",
        ),
    ]


def _section(
    key: str,
    title: str,
    about: str,
    columns: tuple[str, ...],
    found: Sequence[object],
    row: Callable[..., tuple[str, ...]],
    none: str,
) -> Section:
    return Section(key, title, about, columns, [row(one) for one in found[:MOST]], len(found), none)


def _called(plugin: Plugin) -> str:
    return f"{plugin.id} {plugin.version}".rstrip()


def _several(names: Sequence[str], more: int = 0) -> str:
    more += max(len(names) - _NAMED, 0)
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more else "")


def _alike(one: Alike) -> tuple[str, ...]:
    same = len({plugin.id for plugin in one.plugins}) == 1
    names = [_called(plugin) if same else plugin.id for plugin in one.plugins]
    if same:
        names = [f"{name} (entry {plugin.entry})" for name, plugin in zip(names, one.plugins, strict=True)]
    return one.kind, one.ecosystem, _several(names, one.more)


def _shared(one: Shared) -> tuple[str, ...]:
    told = [f"{row.severity}: {row.rule} {row.name}, line {row.line}" for row in one.findings]
    return one.path, counted_names([plugin for plugin, _entry in one.plugins]), _several(told)


def _inherited(one: Inherited) -> tuple[str, ...]:
    own = _BY_RANK.get(one.own.gravest, "none")
    gravest = f"{own}, with {one.gravest_by} {_BY_RANK[one.gravest]}" if one.gravest > one.own.gravest else own
    score = f"{one.own.score}, with {one.score_by} {one.score}" if one.score > one.own.score else str(one.own.score)
    return _called(one.plugin), gravest, score, _several(one.permissions)


def _conflict(one: Conflict) -> tuple[str, ...]:
    sides = [f"{span or 'any version'} ({who})" for who, span in (one.one, one.other)]
    return _called(one.plugin), one.id, *sides


def _circle(way: tuple[Plugin, ...]) -> tuple[str, ...]:
    names = [plugin.id for plugin in way]
    told = names if len(names) <= 2 * _NAMED else [*names[:_NAMED], f"{len(names) - _NAMED} more"]
    return way[0].ecosystem, " → ".join([*told, names[0]])


def _unmet(one: Unmet) -> tuple[str, ...]:
    return _called(one.plugin), one.need.id, one.need.range or "any", _several(one.there) or "none"


def _permission(one: PermissionUse) -> tuple[str, ...]:
    numbers = (one.risk, one.declared, one.used, one.undeclared, one.unused)
    return one.name, *(str(number) for number in numbers), counted_names(one.alone)


def counted_names(names: Sequence[str]) -> str:
    """Return names after their number, or nothing."""
    return f"{counted(len(names), 'plugin')}: {_several(names)}" if names else ""
