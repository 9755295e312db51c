"""SEC042: a plugin asks for a permission that its code never uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.permission_use import covers, picture
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry


@subject_check("SEC042")
def permission_unused(inquiry: Inquiry) -> Iterator[Match]:
    """Report every declared permission without a use."""
    table = permission_table(inquiry.subject.ecosystem)
    if inquiry.manifest is None or table is None or inquiry.subject.kind != "plugin":
        return
    found = picture(inquiry)
    if not found.code or found.open or not any(not use.direct for use in found.used):
        return
    seen: set[int] = set()
    for item in found.declared:
        if id(item.at) in seen or any(
            covers(item.permission, use.permission) or covers(use.permission, item.permission) for use in found.used
        ):
            continue
        seen.add(id(item.at))
        resource = item.permission.split(".", 1)[0]
        touched = any(use.permission.split(".", 1)[0] == resource for use in found.used)
        sure = not touched or table.knows(resource)
        yield Match(
            item.at,
            f"The permission '{item.spelled}' is asked for, and no code of the plugin uses it.",
            confidence=None if sure else Confidence.POSSIBLE,
        )
