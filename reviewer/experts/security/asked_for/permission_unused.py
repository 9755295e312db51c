"""SEC042: a plugin asks for a permission that its code never uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.permission_use import covers, picture
from reviewer.experts.security.asked_for.event_undeclared import ways_of_events
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_WAYS: Final = {
    "commands": frozenset("command commands execute invoke run register call dispatch rpc action actions".split()),
}
"""Words of code that may use what every plugin has; a file without any of them does not."""
_KEPT: Final = frozenset({"storage"})
_STATES: Final = frozenset({"get_state", "getState", "save_state", "saveState", "serialize"})
_SHOWN: Final = frozenset({"ui"})
"""Resources that a plugin also uses by what it answers."""


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
        free = item.permission.split(".", 1)[0]
        ways = _WAYS.get(free) or ways_of_events(item.permission)
        if free in table.free and (not ways or any(inquiry.project.paths(naming=ways, tests=False))):
            continue  # used in too many ways to tell, where it is used at all
        if id(item.at) in seen or any(
            covers(item.permission, use.permission) or covers(use.permission, item.permission) for use in found.used
        ):
            continue
        seen.add(id(item.at))
        resource = item.permission.split(".", 1)[0]
        touched = any(use.permission.split(".", 1)[0] == resource for use in found.used)
        known = table.knows(resource) and table.is_action(resource, item.permission.partition(".")[2])
        sure = not _given_back(inquiry, item.permission) if known else not (touched or _spoken_of(inquiry, resource))
        yield Match(
            item.at,
            f"The permission '{item.spelled}' is asked for, and no code of the plugin uses it.",
            confidence=None if sure or (ways and free not in _WAYS) else Confidence.POSSIBLE,
        )


def _given_back(inquiry: Inquiry, permission: str) -> bool:
    """Tell whether code may do something without a call: it gives ``{...page, panels: [...]}`` back to the host.

    What a plugin answers when it is asked for its state is stored by the host.
    """
    resource, _, what = permission.partition(".")
    if resource in _KEPT and any(True for _module in inquiry.project.paths(naming=_STATES, tests=False)):
        return True
    named = {what, f"{what}s"} if resource in _SHOWN else set()
    return bool(named) and any(True for _module in inquiry.project.paths(naming=named, tests=False))


def _spoken_of(inquiry: Inquiry, resource: str) -> bool:
    """Tell whether code names a resource of the host's own: in a command, an event, a service got by its name."""
    named = {word for part in words(resource) for word in (part, part.removesuffix("s"), f"{part}s")}
    return any(True for _module in inquiry.project.paths(naming=named, tests=False))
