"""The permission picture of a subject: what it asks for, and what its code uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.review import Permissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_FIELDS: Final = ("permissions", "capabilities")
_OPTIONAL: Final = ("optionalPermissions", "optional_permissions")
_MOST: Final = 500
"""Permissions of one manifest that are listed."""


def permissions_of(inquiry: Inquiry) -> Permissions:
    """Return the permissions that the manifest declares, as ``resource.action``."""
    declared = sorted(set(declared_permissions(inquiry)))[:_MOST]
    return Permissions(declared=tuple(declared))


def declared_permissions(inquiry: Inquiry) -> Iterator[str]:
    """Yield the declared permissions: plain texts, objects of resource and action, or a table."""
    document = inquiry.manifest
    if document is None:
        return
    for name in (*_FIELDS, *_OPTIONAL):
        value = document.get(name)
        if value is not None:
            yield from _of(value)


def _of(value: Value) -> Iterator[str]:
    for item in value.items():
        if item.text:
            yield item.text
        else:
            yield from _of_object(item)
    for resource, actions in value.members():
        granted = [action.text for action in actions.items() if action.text]
        granted += [action for action, flag in actions.members() if flag.data is True]
        if actions.text:
            granted.append(actions.text)
        if actions.data is True:
            yield resource
        for action in granted:
            yield f"{resource}.{action}"


def _of_object(item: Value) -> Iterator[str]:
    """Yield ``resource.action`` of one entry that is an object, in the spellings of the field."""
    resource = item.get("resource") or item.get("name") or item.get("id") or item.get("permission")
    if resource is None or not resource.text:
        return
    actions = item.get("actions") or item.get("action") or item.get("access")
    words = [action.text for action in actions.items() if action.text] if actions is not None else []
    if actions is not None and actions.text:
        words.append(actions.text)
    if not words:
        yield resource.text
    for word in words:
        yield f"{resource.text}.{word}"
