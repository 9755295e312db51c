"""What a plugin asks for in its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value
    from reviewer.subject.permission_table import PermissionTable

_FIELDS: Final = ("permissions", "optionalPermissions", "optional_permissions")
_OTHER_FIELDS: Final = ("capabilities", "scopes", "rights", "grants")
"""What manifests call the same where they have none of these, and much else as well."""
_RIGHT: Final = regex(r"[a-z][a-z0-9-]{0,40}[.:](?:[a-z-]{1,40}|\*)")
_OF_HOST: Final = regex(
    r"(?:network|http|https|net|fetch|egress)(?:[.:][a-z]{1,20})?:"
    r"(?:https?://)?(?P<host>(?:\*\.)?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6})(?::[0-9]{1,5})?(?:/[^\s]{0,200})?"
)
_RESOURCE_KEYS: Final = ("resource", "name", "id", "permission", "type")


class Declared(Struct, frozen=True):
    """One permission as the manifest asks for it.

    ``permission`` is ``resource.action``, with ``*`` for every action; ``at`` is the manifest's
    own place for it, ``scoped`` tells whether it says how far it reaches.
    """

    permission: str
    at: Value
    scoped: bool
    spelled: str


def asked_for(inquiry: Inquiry, table: PermissionTable) -> Iterator[Declared]:
    """Yield each permission of the manifest, in the order in which they stand there."""
    document = inquiry.manifest
    if document is None:
        return
    for name in _FIELDS if any(document.get(name) is not None for name in _FIELDS) else _OTHER_FIELDS:
        value = document.get(name)
        if name in _OTHER_FIELDS and not _lists_rights(value):
            continue
        if value is None:
            continue
        for item in value.items():
            yield from _of_item(item, table)
        for resource, actions in value.members():
            yield from _of_resource(resource, actions, table)


def _lists_rights(value: Value | None) -> bool:
    """Tell whether a member of a manifest is a list of texts that all name a resource and what is done to it."""
    items = list(value.items()) if value is not None else []
    named = [item for item in items if _RIGHT.fullmatch(item.text)]
    return bool(named) and all(item.text.replace("-", "").isalpha() or item in named for item in items)


def host_of(right: str) -> str:
    """Return the host that a right to the network names: ``api.example.com`` of ``network:api.example.com``."""
    told = _OF_HOST.fullmatch(right)
    return told["host"].lower() if told is not None else ""


def _of_item(item: Value, table: PermissionTable) -> Iterator[Declared]:
    if item.text:
        reach = host_of(item.text)
        resource, _, action = item.text.replace(":", ".").partition(".")
        for permission in table.declared(resource, "" if reach else action):
            yield Declared(permission, item, scoped=bool(reach), spelled=item.text)
        return
    resource_value = next(
        (found for key in _RESOURCE_KEYS if (found := item.get(key)) is not None and found.text), None
    )
    if resource_value is not None:
        resource, _, action = resource_value.text.replace(":", ".").partition(".")
        scoped = any(key in table.scopes - {"reason", "description", "optional"} for key, _value in item.members())
        words = [
            word.text
            for value in (item.get("actions"), item.get("action"), item.get("access"))
            if value is not None
            for word in [*value.items(), value]
            if word.text
        ]
        for one in [action] if action else words or [""]:
            for permission in table.declared(resource, one):
                yield Declared(permission, item, scoped=scoped, spelled=resource_value.text)


def _of_resource(resource: str, actions: Value, table: PermissionTable) -> Iterator[Declared]:
    if actions.data is False or actions.data is None:
        return
    if not isinstance(actions.data, dict | list):
        action = actions.text if table.is_action(resource, actions.text) else ""
        for permission in table.declared(resource, action):
            yield Declared(permission, actions, scoped=bool(actions.text) and not action, spelled=resource)
        return
    if isinstance(actions.data, list):
        for item in actions.items():
            is_action = item.text.isidentifier() or table.is_action(resource, item.text)
            for permission in table.declared(resource, item.text if is_action else ""):
                yield Declared(permission, item, scoped=not is_action, spelled=f"{resource}.{item.text}")
        return
    scoped = any(
        key in table.scopes - {"reason", "description", "optional", "purpose", "justification"}
        for key, _v in actions.members()
    )
    if scoped and all(key in table.scopes for key, _value in actions.members()):
        for permission in table.declared(resource, ""):  # {"network": {"hosts": […]}}: all of it, within a scope
            yield Declared(permission, actions, scoped=True, spelled=resource)
    for action, value in actions.members():
        if action in table.scopes or value.data in (False, None):
            continue
        inner = scoped or isinstance(value.data, dict | list) or (bool(value.text) and value.text not in ("all", "*"))
        for permission in table.declared(resource, action):
            yield Declared(permission, value, scoped=inner, spelled=f"{resource}.{action}")
