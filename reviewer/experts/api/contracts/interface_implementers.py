"""Finds interfaces that ask those who implement them for more than an earlier version did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.interface.change import comparison
from reviewer.experts.interface.types import narrowed

if TYPE_CHECKING:
    from reviewer.experts.interface.member import Offered


@subject_check("API046")
def implementer_must_do_more(inquiry: Inquiry) -> Iterator[Match]:
    """Yield members that plugins lack, because nobody asked for them when they were written."""
    change = comparison(inquiry)
    if change is None:
        return
    weight = change.weigh()
    if weight.severity is None:
        return
    for (part, name), new in sorted(change.after.items()):
        owner = change.before.get((part, new.owner))
        if not new.implemented or not new.owner or owner is None:
            continue
        old = change.before.get((part, name))
        said = _new(new) if old is None else _changed(old, new)
        if said:
            yield Match(new.place, f"{new.name} {said} {change.versions}{weight.said}", severity=weight.severity)


def _new(new: Offered) -> str:
    return "" if new.optional or new.default else "is asked of every plugin and was not there"


def _changed(old: Offered, new: Offered) -> str:
    if old.optional and not new.optional and not new.default:
        return "must be there, and could be left out"
    gone = narrowed(old.type, new.type, optional=new.optional) if old.kind == new.kind == "property" else ()
    return f"may no longer be {' or '.join(gone)}, as it could" if gone else ""
