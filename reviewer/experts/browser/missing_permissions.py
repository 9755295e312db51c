"""Calls that need a permission which the manifest does not ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.browser.permissions import api_uses, asked_for, names_elsewhere, needs_of, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.browser.permissions import ApiUse
    from reviewer.experts.check import Inquiry
    from reviewer.subject.api_needs import Need

_MOST: Final = 40


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
