"""SEC043: the network permission doesn't say which hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Field, Literal, Object, strip
from reviewer.code.walk import class_of
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.permission_table import permission_table
from reviewer.experts.permission_use import picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_NETWORK: Final = frozenset({"network", "http", "net", "internet", "fetch", "egress"})
_HOSTS: Final = (
    "hosts",
    "allowedHosts",
    "allowed_hosts",
    "allowedDomains",
    "allowed_domains",
    "domains",
    "origins",
    "urls",
    "hostPermissions",
    "networkAccess",
    "host_permissions",
)
_ACTIONS: Final = frozenset({"fetch", "request", "outbound", "connect", "access", "http", "enabled", "allow"})
_PERMISSIONS: Final = frozenset({"permission", "permissions", "grants", "capabilities", "grant", "scopes", "rights"})


@subject_check("SEC043")
def network_without_hosts(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the network permission of a manifest."""
    document = inquiry.manifest
    if document is None or permission_table(inquiry.subject.ecosystem) is None:
        return
    if any(document.get(name) is not None for name in _HOSTS) or any(
        document.get("permissions", name) is not None for name in _HOSTS
    ):
        return
    for item in picture(inquiry).declared:
        if (
            item.permission.split(".", 1)[0] == "network"
            and not item.permission.endswith(".listen")
            and not item.scoped
        ):
            yield Match(item.at, f"'{item.spelled}' names no hosts: what is granted is every host there is.")
            return


@subject_check("SEC043")
def schema_document_without_hosts(inquiry: Inquiry) -> Iterator[Match]:
    """Look at JSON Schemas of manifests."""
    for document in inquiry.subject.other_documents.values():
        permissions = document.get("properties", "permissions", "properties")
        if permissions is None:
            continue
        for name, schema in permissions.members():
            if name in _NETWORK and not _mentions_hosts(schema) and schema.get("$ref") is None:
                yield Match(schema, f"The schema has no place for hosts in '{name}': granting it means all of them.")


def _mentions_hosts(schema: Value) -> bool:
    for key, value in schema.members():
        if key in _HOSTS or _mentions_hosts(value):
            return True
    return any(_mentions_hosts(item) or item.text in _HOSTS for item in schema.items())


@module_check("SEC043", words=_NETWORK)
def schema_without_hosts(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at schemas and types of permissions that are written in code."""
    if module.is_test or not module.words & _PERMISSIONS:
        return
    for node in module.all_nodes:
        if isinstance(node, Object):
            for key, value in node.entries:
                if not (isinstance(key, Literal) and key.value in _NETWORK):
                    continue
                inner = strip(value)
                if isinstance(inner, Object) and _only_actions(module, inner):
                    yield Match(
                        inner, f"The schema has no place for hosts in '{key.value}': granting it means all of them."
                    )
        elif isinstance(node, Field) and node.name in _NETWORK:
            owner = class_of(node)
            declared = node.type.replace(" ", "")
            if owner is None or not set(words(owner.name)) & {"permission", "permissions"}:
                continue
            if declared in ("boolean", "bool") or (
                declared.startswith("{") and "fetch" in declared and not any(h in declared for h in _HOSTS)
            ):
                yield Match(
                    node, f"'{owner.name}' has no place for hosts in '{node.name}': granting it means all of them."
                )


def _only_actions(module: Module, schema: Object) -> bool:
    """Tell whether a schema of an object has actions and no hosts."""
    properties = schema.get("properties")
    properties = strip(properties) if properties is not None else None
    if not isinstance(properties, Object) or not set(properties.keys) & _ACTIONS:
        return False
    text = module.text_of(schema)
    return not any(name in text for name in _HOSTS)
