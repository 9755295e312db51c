"""SEC043: the network permission of a manifest, or of a schema of manifests, doesn't say which hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.experts.permission_use import picture
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

NETWORK: Final = frozenset({"network", "http", "net", "internet", "fetch", "egress"})
"""Names of a permission for the network."""
HOSTS: Final = (
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
"""Names under which a permission says how far it reaches."""


@subject_check("SEC043")
def network_without_hosts(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the network permission of a manifest."""
    document = inquiry.manifest
    if document is None or permission_table(inquiry.subject.ecosystem) is None:
        return
    if any(document.get(name) is not None for name in HOSTS) or any(
        document.get("permissions", name) is not None for name in HOSTS
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
            if name in NETWORK and not _mentions_hosts(schema) and schema.get("$ref") is None:
                yield Match(schema, f"The schema has no place for hosts in '{name}': granting it means all of them.")


def _mentions_hosts(schema: Value) -> bool:
    for key, value in schema.members():
        if key in HOSTS or _mentions_hosts(value):
            return True
    return any(_mentions_hosts(item) or item.text in HOSTS for item in schema.items())
