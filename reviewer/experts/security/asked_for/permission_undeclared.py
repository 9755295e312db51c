"""SEC041: the code of a plugin uses what its manifest doesn't ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.permission_use import covers, picture
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_GRAVE: Final = 5
"""Base risk from which a use is worth a word though the manifest speaks of no permission at all."""


@subject_check("SEC041")
def permission_undeclared(inquiry: Inquiry) -> Iterator[Match]:
    """Report the first use of every permission that isn't declared."""
    table = permission_table(inquiry.subject.ecosystem)
    if inquiry.manifest is None or table is None or inquiry.subject.kind != "plugin":
        return
    found = picture(inquiry)
    asked = [item.permission for item in found.declared]
    places = [value for name in ("permissions", "capabilities") if (value := inquiry.manifest.get(name)) is not None][
        :1
    ]
    seen: set[str] = set()
    for use in found.used:
        resource = use.permission.split(".", 1)[0]
        words = [one.partition(".")[2] for one in asked if one.split(".", 1)[0] == resource]
        if words and not (table.knows(resource) and all(one == "*" or table.is_action(resource, one) for one in words)):
            continue  # what is done to it has names of the host's own: whether it is changed is asked elsewhere
        if any(covers(one, use.permission) or covers(use.permission, one) for one in (*asked, *seen)):
            continue
        seen.add(use.permission)
        sure = use.sure and (use.direct or table.knows(resource))
        if not asked and not use.direct and table.risk(use.permission) < _GRAVE:
            sure = False  # a host without permissions would not be told of any
        yield Match(
            use.at,
            f"'{use.call}' needs the permission '{use.permission}', which the manifest doesn't ask for.",
            related=tuple((one, "what the manifest asks for") for one in places),
            confidence=None if sure else Confidence.POSSIBLE,
        )
