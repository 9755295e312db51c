"""COM201 and COM202: what the manifest contributes and what the code provides under an id are not the same.

Which contribution needs which call stands in the profile of the ecosystem::

    [[contract]]
    what = "view"                                   # what a message calls it
    at = "contributes.views.*.*"                    # the contributions
    id = "id"                                       # the member with the id
    by = ["window.createTreeView"]                  # symbols of the host, any of which provides it
    when = {type = "webview"}                       # optional: only contributions that say this
    unless = {type = "webview"}                     # optional: only those that don't
    alone = ["contributes.viewsWelcome.*.view"]     # optional: ids here need no code
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from reviewer.core.nearest import nearest
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.named_commands import spoken_elsewhere
from reviewer.experts.editor.contributions import contributed
from reviewer.experts.editor.registrations import registrations
from reviewer.experts.profile import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewer.experts.check import Inquiry
    from reviewer.experts.editor.registrations import Registration, Registrations
    from reviewer.subject.document import Value

_MOST: Final = 100


class Contract(Struct, frozen=True):
    """One kind of contribution with what provides it."""

    what: str
    at: str
    id: str
    by: tuple[str, ...]
    when: Mapping[str, Any]
    unless: Mapping[str, Any]
    alone: tuple[str, ...]

    def contributions(self, inquiry: Inquiry) -> dict[str, Value]:
        """Return the contributions of this kind by id."""
        found: dict[str, Value] = {}
        for one in contributed(inquiry, self.at):
            named = one.get(self.id)
            other = not _says(one, self.when) or (bool(self.unless) and _says(one, self.unless))
            if named is not None and named.text and not other:
                found.setdefault(named.text, named)
        return found


@subject_check("COM201")
def contributed_without_provider(inquiry: Inquiry) -> Iterator[Match]:
    """Look for contributions that no code provides anything for."""
    made = registrations(inquiry)
    if not made.made:
        return
    for contract in _contracts(inquiry):
        provided = made.of(contract.by)
        if any(not one.id for one in provided):
            continue  # some are provided under ids that code makes
        alone = {value.text for path in contract.alone for value in contributed(inquiry, path)}
        ids = {one.id for one in provided}
        for name, at in list(contract.contributions(inquiry).items())[:_MOST]:
            if name in ids or name in alone:
                continue
            other = _by_another_way(made, name, contract)
            if other is None and spoken_elsewhere(inquiry, name, 0):
                continue
            yield _unprovided(contract, name, at, other, ids)


def _unprovided(contract: Contract, name: str, at: Value, other: Registration | None, ids: set[str]) -> Match:
    ways = " or ".join(f"'{way.rsplit('.', 1)[-1]}'" for way in contract.by)
    if other is not None:
        text = (
            f"The {contract.what} '{name}' is provided by '{other.symbol.rsplit('.', 1)[-1]}', and this contribution "
            f"is one for {ways}."
        )
        return Match(at, text, related=((other.at, "provided here"),))
    meant = nearest(name, ids)
    hint = f"; '{meant}' is provided" if meant else ""
    return Match(at, f"The {contract.what} '{name}' is contributed, and no code provides it by {ways}{hint}.")


@subject_check("COM202")
def provided_without_contribution(inquiry: Inquiry) -> Iterator[Match]:
    """Look for ids that code provides something for, and that the manifest does not contribute."""
    contracts = _contracts(inquiry)
    if inquiry.manifest is None or not contracts:
        return
    made = registrations(inquiry)
    known = {way: set[str]() for contract in contracts for way in contract.by}
    everything: set[str] = set()
    for contract in contracts:
        names = set(contract.contributions(inquiry))
        everything |= names
        for way in contract.by:
            known[way] |= names
    whats = {way: contract.what for contract in reversed(contracts) for way in contract.by}
    for one in made.made[:_MOST]:
        if one.id and one.symbol in known and one.id not in everything:
            meant = nearest(one.id, known[one.symbol] - {other.id for other in made.made})
            hint = f"; '{meant}' is" if meant else ""
            yield Match(
                one.at,
                f"A {whats[one.symbol]} '{one.id}' is provided here, and the manifest does not contribute it{hint}: "
                "nobody ever sees it.",
            )


def _by_another_way(made: Registrations, name: str, contract: Contract) -> Registration | None:
    """Return what provides something under the id by a call that is meant for another kind."""
    return next((one for one in made.made if one.id == name and one.symbol not in contract.by), None)


def _contracts(inquiry: Inquiry) -> tuple[Contract, ...]:
    profile = profile_of(inquiry)
    rows = profile.extra.get("contract", ()) if profile is not None and inquiry.subject.kind == "plugin" else ()
    return tuple(
        Contract(
            what=str(row["what"]),
            at=str(row["at"]),
            id=str(row["id"]),
            by=tuple(row["by"]),
            when=row.get("when", {}),
            unless=row.get("unless", {}),
            alone=tuple(row.get("alone", ())),
        )
        for row in rows
    )


def _says(value: Value, wanted: Mapping[str, Any]) -> bool:
    found = {key: value.get(key) for key in wanted}
    return all(one is not None and one.data == wanted[key] for key, one in found.items())
