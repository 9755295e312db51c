"""SEC221: an extension asks for a permission that nothing in it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.browser.unused_permissions import without_use
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry


@subject_check("SEC221")
def permission_without_use(inquiry: Inquiry) -> Iterator[Match]:
    """Look for each permission of the manifest at the API that it opens, and at every word that may use it."""
    for one, sure in without_use(inquiry):
        yield Match(
            one.at,
            f"The permission '{one.name}' is asked for, and nothing in the extension uses it.",
            confidence=sure,
            fix=f"Take '{one.name}' out of '{one.field}', or put it under 'optional_permissions'.",
        )
