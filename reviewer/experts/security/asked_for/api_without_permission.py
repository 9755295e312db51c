"""SEC220: an extension calls an API that its manifest does not ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.browser.missing_permissions import missing
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.api_needs import Need


@subject_check("SEC220")
def api_without_permission(inquiry: Inquiry) -> Iterator[Match]:
    """Report the first use of every part of the API that nothing in the manifest opens."""
    for use, need in missing(inquiry):
        yield Match(use.at, f"'{use.root or 'browser'}.{use.path}' needs {_named(need)}.", fix=_fix(need))


def _named(need: Need) -> str:
    if need.permissions:
        listed = "' or '".join(need.permissions)
        return f"the permission '{listed}', which the manifest doesn't ask for: '{need.symbol}' is undefined without it"
    return f"the key '{need.keys[0]}' in the manifest, which is not there: '{need.symbol}' is undefined without it"


def _fix(need: Need) -> str:
    if need.permissions:
        return f"Add \"{need.permissions[0]}\" to 'permissions', or ask for it when it is needed and test for it first."
    return f"Add the key '{need.keys[0]}' to the manifest."
