"""SEC043: the network permission of a manifest, or of a schema of manifests, doesn't say which hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.experts.api.schema_documents import schema_documents
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
PLACES: Final = frozenset("host hosts domain domains origin origins url urls allowlist endpoints sites".split())
"""Words of such names."""
ASKED: Final = RIGHTS | frozenset("access wants wishes asks requests needs uses".split())
"""Words of members under which a manifest asks for permissions."""

_GIVES: Final = frozenset("allow allowed enable enabled use used".split())
"""Words beside the network in the name of a permission that is a member of a manifest itself."""


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
    """Look at JSON Schemas of manifests: at what they say of permissions, and of the network itself."""
    documents = {one.path: one for one in (*inquiry.subject.other_documents.values(), *schema_documents(inquiry))}
    for path in sorted(documents):
        members = documents[path].get("properties")
        for name, schema in members.members() if members is not None else ():
            inner = schema.get("properties")
            if inner is not None and ASKED & set(words(name)):
                yield from _told(inner)
            listed = schema.get("items", "enum") if RIGHTS & set(words(name)) else None
            network = [one for one in listed.items() if one.text in NETWORK] if listed is not None else []
            if network and members is not None and not _reach_named(members):
                yield Match(
                    network[0],
                    f"'{network[0].text}' is only a name: nothing says which hosts, and granting it means all of them.",
                )
        if members is not None:
            yield from _told(members, alone=True)


def _reach_named(members: Value) -> bool:
    """Tell whether another member of a manifest says which hosts."""
    return any(PLACES & set(words(name)) and has_place(schema) for name, schema in members.members())


def _told(members: Value, *, alone: bool = False) -> Iterator[Match]:
    """Look at the permissions of a schema; ``alone`` at members of a manifest, which may be anything else as well."""
    for name, schema in members.members():
        said = set(words(name))
        meant = bool(NETWORK & said) and (not alone or said <= NETWORK | ASKED | _GIVES)
        if meant and schema.kind == "object" and not has_place(schema):
            yield Match(schema, f"The schema has no place for hosts in '{name}': granting it means all of them.")


def has_place(schema: Value) -> bool:
    """Tell whether a JSON Schema lets somebody name hosts: a text of free choice, a list of such, a map by name."""
    if schema.kind != "object" or schema.get("$ref") is not None:
        return True
    if schema.get("enum") is not None or schema.get("const") is not None:
        return False
    for name in ("oneOf", "anyOf", "allOf"):
        ways = schema.get(name)
        if ways is not None and any(has_place(one) for one in ways.items()):
            return True
    members = schema.get("properties")
    if members is not None:
        return any(set(words(name)) & PLACES or _is_list(inner) for name, inner in members.members())
    kinds = schema.get("type")
    said = {kinds.text} if kinds is not None and kinds.text else set()
    said |= {one.text for one in kinds.items()} if kinds is not None else set()
    items = schema.get("items")
    if "array" in said or items is not None:
        return items is None or has_place(items)
    return not said <= {"boolean", "null", "integer", "number"} or not said


def _is_list(schema: Value) -> bool:
    """Tell whether a member of the permission is a list of texts, whatever it is called."""
    return schema.get("items") is not None and has_place(schema)
