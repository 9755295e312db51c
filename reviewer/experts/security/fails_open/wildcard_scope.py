"""SEC044: a permission of a manifest reaches everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_EVERYTHING: Final = frozenset(
    {
        "*",
        "**",
        "*.*",
        "*:*",
        "*://*/*",
        "<all_urls>",
        "https://*",
        "http://*",
        "https://*/*",
        "http://*/*",
        "/",
        "/**",
        "/*",
        "**/*",
        "~",
        "~/**",
        "C:\\",
        "0.0.0.0/0",
        "all",
        "any",
    }
)
_FIELDS: Final = (
    "permissions",
    "optionalPermissions",
    "optional_permissions",
    "hosts",
    "allowedHosts",
    "allowed_hosts",
    "allowedDomains",
    "host_permissions",
    "networkAccess",
)
_NOT_SCOPES: Final = frozenset({"reason", "description", "purpose", "justification", "name", "title"})


@subject_check("SEC044")
def wildcard_scope(inquiry: Inquiry) -> Iterator[Match]:
    """Look for scopes that leave nothing out."""
    document = inquiry.manifest
    if document is None or permission_table(inquiry.subject.ecosystem) is None:
        return
    for name in _FIELDS:
        value = document.get(name)
        if value is not None:
            yield from _of(value, name)


def _of(value: Value, name: str) -> Iterator[Match]:
    text = value.text.strip().lower()
    if text in _EVERYTHING or (text.removesuffix(".*") != text and text.count(".") == 1 and name == "permissions"):
        yield Match(value, f"'{value.text}' under '{name}' leaves nothing out: it is granted for everything there is.")
        return
    for key, member in value.members():
        if key in _EVERYTHING and member.data not in (False, None):
            yield Match(member, f"'{key}' under '{name}' grants every action there is.")
        elif key not in _NOT_SCOPES:
            yield from _of(member, key)
    for item in value.items():
        yield from _of(item, name)
