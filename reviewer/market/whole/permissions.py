"""The permissions of a market: how many ask for each, how many use it, and who is almost alone with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reviewer.market.whole.records import Held

_FEW: Final = 3
"""Plugins that are named where no more ask for a permission."""


class PermissionUse(NamedTuple):
    """One permission over the whole market, in numbers of subjects."""

    name: str
    risk: int
    """From 0 to 10."""
    declared: int
    used: int
    undeclared: int
    """Used without being declared."""
    unused: int
    """Declared without being used."""
    alone: tuple[str, ...]
    """Who asks for it or uses it, where those are few."""


def permission_uses(rows: Iterable[Held], risk: Callable[[str, str], int]) -> list[PermissionUse]:
    """Return every permission, riskiest first; ``risk`` knows that of an ecosystem's permission."""
    counts: dict[str, dict[str, int]] = {}
    who: dict[str, set[str]] = {}
    ecosystems: dict[str, set[str]] = {}
    for row in rows:
        counted = counts.setdefault(row.permission, {})
        counted[row.how] = counted.get(row.how, 0) + 1
        ecosystems.setdefault(row.permission, set()).add(row.ecosystem)
        known = who.setdefault(row.permission, set())
        if row.how in ("declared", "used") and len(known) <= _FEW:
            known.add(row.plugin)
    found = [
        PermissionUse(
            name,
            max(risk(ecosystem, name) for ecosystem in ecosystems[name]),
            counted.get("declared", 0),
            counted.get("used", 0),
            counted.get("undeclared", 0),
            counted.get("unused", 0),
            tuple(sorted(who[name])) if len(who[name]) <= _FEW else (),
        )
        for name, counted in counts.items()
    ]
    return sorted(found, key=lambda one: (-one.risk, -one.declared - one.used, one.name))
