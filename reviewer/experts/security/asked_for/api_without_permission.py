"""SEC220: an extension calls an API that its manifest does not ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.browser.permissions import api_uses, asked_for, names_elsewhere, needs_of, running
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.browser.permissions import ApiUse
    from reviewer.experts.check import Inquiry
    from reviewer.subject.api_needs import Need

_MOST: Final = 40


@subject_check("SEC220")
def api_without_permission(inquiry: Inquiry) -> Iterator[Match]:
    """Report the first use of every part of the API that nothing in the manifest opens."""
    for use, need in missing(inquiry):
        yield Match(use.at, f"'{use.root or 'browser'}.{use.path}' needs {_named(need)}.", fix=_fix(need))


def missing(inquiry: Inquiry) -> Iterator[tuple[ApiUse, Need]]:
    """Yield the first use of every part of the API that the manifest does not open, with what would open it."""
    needs = needs_of(inquiry)
    if needs is None or inquiry.manifest is None:
        return
    asked = {one.name for one in asked_for(inquiry)} | names_elsewhere(inquiry)
    keys = {key for key, _value in inquiry.manifest.root.members()} | names_elsewhere(inquiry)
    version = inquiry.manifest.get("manifest_version")
    third = version is not None and version.data == 3
    told: set[str] = set()
    for use in api_uses(inquiry):
        need = needs.permission(use.path)
        if need is None or need.symbol in told or not use.fails_without(need.symbol) or not running(inquiry, use):
            continue
        if not asked.isdisjoint(need.permissions) or not keys.isdisjoint(need.keys):
            continue
        if any(row.chrome == ("2" if third else "3") for row in needs.of(use.path)):
            continue  # this manifest version does not have it at all
        told.add(need.symbol)
        if len(told) > _MOST:
            return
        yield use, need


def _named(need: Need) -> str:
    if need.permissions:
        listed = "' or '".join(need.permissions)
        return f"the permission '{listed}', which the manifest doesn't ask for: '{need.symbol}' is undefined without it"
    return f"the key '{need.keys[0]}' in the manifest, which is not there: '{need.symbol}' is undefined without it"


def _fix(need: Need) -> str:
    if need.permissions:
        return f"Add \"{need.permissions[0]}\" to 'permissions', or ask for it when it is needed and test for it first."
    return f"Add the key '{need.keys[0]}' to the manifest."
