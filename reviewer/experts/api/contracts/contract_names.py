"""Finds permissions, events, hooks and commands that an earlier version knew and this one does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.communication.constants import nearest
from reviewer.experts.interface.change import comparison
from reviewer.experts.interface.names import ContractNames, contract_names

if TYPE_CHECKING:
    from reviewer.core.location import Location

_MOST: Final = 200
_QUOTES: Final = (b'"', b"'", b"`")


@subject_check("API043")
def contract_name_removed(inquiry: Inquiry) -> Iterator[Match]:
    """Yield each name that plugins or users may know, and that this version does not."""
    change = comparison(inquiry)
    weight = change.weigh() if change is not None else None
    if change is None or weight is None or weight.severity is None:
        return
    before, after = contract_names(change.inquiry), contract_names(inquiry)
    known = after.listed.keys() | after.used.keys()
    gone = [(kind, name) for kind, name in before.listed if (kind, name) not in known]
    gone += [
        (kind, name)
        for kind, name in before.used
        if (kind, name) not in known and (kind, name) not in before.listed and not _spelled(inquiry, name)
    ]
    for kind, name in sorted(gone)[:_MOST]:
        fresh = [one for other, one in known if other == kind and (kind, one) not in before.listed.keys() | before.used]
        other = nearest(name, fresh)
        hint = f"; {other} may have taken its place" if other else ""
        place = _place(before, after, (kind, name)) or change.start
        text = f"the {kind} {name} is gone {change.versions}{weight.said}{hint}"
        yield Match(place, text, severity=weight.severity)


def _place(before: ContractNames, after: ContractNames, key: tuple[str, str]) -> Location | None:
    """Return the list that a name was taken out of, or None where there is none any more."""
    return after.lists.get(before.listed.get(key, ""))


def _spelled(inquiry: Inquiry, name: str) -> bool:
    """Tell whether a source file still holds the name in quotes: in a table, behind another call."""
    forms = [quote + name.encode() + quote for quote in _QUOTES]
    return any(form in text for _path, text in inquiry.project.texts() for form in forms)
