"""Finds members that an earlier version offered and this one does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.core.location import Location
from reviewer.core.nearest import nearest
from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.interface.change import Comparison, Key, comparison

if TYPE_CHECKING:
    from reviewer.experts.interface.member import Offered

_MOST: Final = 200


@subject_check("API040")
def member_removed(inquiry: Inquiry) -> Iterator[Match]:
    """Yield what is gone, the outermost of what went together."""
    change = comparison(inquiry)
    if change is None:
        return
    gone = {key for key in change.before if key not in change.after}
    for count, key in enumerate(sorted(key for key in gone if not _went_with_another(change, key, gone))):
        if count == _MOST:
            return
        old = change.before[key]
        weight = change.weigh(*change.note(key))
        if weight.severity is not None:
            other = _renamed(change, key)
            hint = f"; {other} may have taken its place" if other else ""
            text = f"{_called(old)} is gone {change.versions}{weight.said}{hint}"
            alias = f"Keep {old.short} as a deprecated name of {other}, and remove it with a major version."
            fix = alias if other else ""
            yield Match(_place(inquiry, change, key), text, severity=weight.severity, fix=fix)


def _went_with_another(change: Comparison, key: Key, gone: set[Key]) -> bool:
    """Tell whether a member needs no word of its own."""
    part, name = key
    old = change.before[key]
    owner = (part, old.owner)
    if old.owner and owner in gone:
        return True
    now = change.after.get(owner) if old.owner else None
    if now is not None and (now.unknown_bases or now.kind not in ("class", "interface", "type", "enum")):
        return True  # it may be inherited, or is told as a change of its owner
    if old.short in {"constructor", "__init__"}:
        return True
    # A script that no entry leads to has no address of its own: it may have moved.
    moved = part != "." and not part.startswith("./") and not old.place.path.endswith(".py")
    return moved and any(other == name for _part, other in change.after)


def _renamed(change: Comparison, key: Key) -> str:
    """Return the new member that most likely stands for one that is gone, or an empty string."""
    part, _name = key
    old = change.before[key]
    added = [
        one
        for (where, name), one in change.after.items()
        if where == part and (where, name) not in change.before and one.owner == old.owner and one.kind == old.kind
    ]
    alike = [one for one in added if one.signature == old.signature and one.type == old.type and old.kind != "option"]
    if old.signature is not None and old.signature.parameters and len(alike) == 1:
        return alike[0].short
    return nearest(old.short, [one.short for one in added]) or ""


def _called(old: Offered) -> str:
    """Name a member as a reader of the code does."""
    if old.kind == "option":
        return f"the value {old.short!r} of {old.owner}"
    if old.implemented and old.owner:
        return f"{old.name}, which plugins may have written for the host to use,"
    return f"the {old.kind} {old.name}"


def _place(inquiry: Inquiry, change: Comparison, key: Key) -> Location:
    """Return where a member would stand: its owner, else its module, else the version."""
    old = change.before[key]
    owner = change.after.get((key[0], old.owner))
    if owner is not None:
        return owner.place
    path = change.parts.get(key[0], old.place.path)
    return Location(path, 1, 1, 1, 1) if path in inquiry.subject.files else change.start
