"""SEC096: a plugin asks for a permission, or a reach, that the design does not have."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from reviewer.core.nearest import did_you_mean
from reviewer.experts.check import Inquiry, Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewer.blueprint.decided import DecidedPermission
    from reviewer.subject.document import Value


@subject_check("SEC096")
def permission_outside_design(inquiry: Inquiry) -> Iterator[Match]:
    """Hold what the manifest asks for against the permissions of the design."""
    if inquiry.design is None or inquiry.manifest is None:
        return
    known = {one.name: one for one in inquiry.design.permissions}
    wanted = inquiry.manifest.get("permissions")
    if wanted is None:
        return
    for item in wanted.items():
        if item.text:
            yield from _held(item.text, item, None, known)
    for resource, actions in wanted.members():
        for action, scope in actions.members():
            if scope.data is not False:
                yield from _held(f"{resource}.{action}", scope, scope, known)


def _held(name: str, at: Value, scope: Value | None, known: Mapping[str, DecidedPermission]) -> Iterator[Match]:
    decided = known.get(name)
    if decided is None:
        yield Match(
            at,
            "Nobody decided what this would open (decision: permissions): the design has no permission "
            f"'{name}'{did_you_mean(name, known)}",
        )
        return
    targets = [target for items in decided.scope.values() for target in items]
    if not targets or scope is None:
        return
    if scope.data is True:
        yield Match(at, f"'{name}' asks for all of it; the design limits it to {_listed(targets)}.")
    for item in scope.items():
        if item.text and not any(fnmatchcase(item.text, target) for target in targets):
            yield Match(item, f"'{name}' reaches for '{item.text}'; the design limits it to {_listed(targets)}.")


def _listed(targets: list[str]) -> str:
    shown = ", ".join(targets[:5])
    return f"{shown} and {len(targets) - 5} more" if len(targets) > 5 else shown
