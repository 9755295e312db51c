"""FUN221: a permission that no browser knows, and that is nearly one that they know."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from reviewer.experts.browser.permissions import asked_for, needs_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.profile import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_CLOSE: Final = 0.8
_MOST: Final = 200


@subject_check("FUN221")
def permission_unknown(inquiry: Inquiry) -> Iterator[Match]:
    """Compare each permission of the manifest with those that there are."""
    needs, profile = needs_of(inquiry), profile_of(inquiry)
    if needs is None or profile is None:
        return
    known = needs.permissions() | set(profile.extra.get("permissions", {}).get("further", ()))
    folded = {one.lower(): one for one in sorted(known)}
    for one in asked_for(inquiry)[:_MOST]:
        if one.is_host or one.name in known:
            continue
        close = get_close_matches(one.name.lower()[:80], folded, n=1, cutoff=_CLOSE)
        if close:
            meant = folded[close[0]]
            yield Match(
                one.at,
                f"No browser knows the permission '{one.name}'; '{meant}' is what it looks like. It is passed over, "
                "and what it should open stays closed.",
                fix=f'Write "{meant}".',
            )
