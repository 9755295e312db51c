"""The permissions of a subject one by one: how risky, asked for or used, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from reviewer.core.review import PermissionPlace, Permissions

_PLACES: Final = 3
"""Places of a permission that are named."""


class PermissionRow(NamedTuple):
    """One permission with the places that show it."""

    name: str
    risk: int
    state: str
    flag: bool
    """Whether asking and using disagree."""
    declared: tuple[str, ...]
    used: tuple[str, ...]


def permission_rows(permissions: Permissions) -> list[PermissionRow]:
    """Return a row for every permission, by name."""
    undeclared, unused = set(permissions.undeclared), set(permissions.unused)
    rows = []
    for name in sorted({*permissions.declared, *permissions.used}):
        here = [place for place in permissions.places if place.permission == name]
        asked, used = name in permissions.declared, name in permissions.used
        state = "asked for and used" if asked and used else "asked for" if asked else "used"
        if name in undeclared:
            state = "used, not asked for"
        elif name in unused:
            state = "asked for, not used"
        rows.append(
            PermissionRow(
                name,
                max((place.risk for place in here), default=0),
                state,
                name in undeclared or name in unused,
                tuple(_spot(place) for place in here if place.declared)[:_PLACES],
                tuple(f"{_spot(place)} {place.spelled}" for place in here if not place.declared)[:_PLACES],
            )
        )
    return rows


def _spot(place: PermissionPlace) -> str:
    return f"{place.location.path}:{place.location.line}"
