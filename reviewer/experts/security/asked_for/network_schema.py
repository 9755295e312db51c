"""SEC043: schemas and types of permissions, in the code of a host, that have no place for hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Class, Expr, Field, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of
from reviewer.experts.api.manifest_shapes import manifest_shapes
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.place import locate, locate_bytes
from reviewer.experts.security.asked_for.network_without_hosts import ASKED, HOSTS, NETWORK, PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_KEYS: Final = NETWORK - {"fetch"}
"""Keys of a schema that mean the network; ``fetch`` is mostly the action under one of them."""
ACTIONS: Final = frozenset({"fetch", "request", "outbound", "connect", "access", "http", "enabled", "allow"})
"""What a permission for the network lets somebody do."""
_PERMISSIONS: Final = ASKED - {"needs", "uses"}
_PLACES: Final = (
    r"(?i)hosts?\b|domains?\b|origins?\b|urls?\b|allow_?list|string|str\b|list|array|set\b|\$ref|pattern|record"
)
"""What a schema or type says where hosts can be named."""
_BOOLEAN: Final = r"(?i)\bbool(ean)?\b|\btrue\b"
_LONGEST: Final = 600


@module_check("SEC043", words=NETWORK)
def schema_without_hosts(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at schemas and types of permissions that are written in code."""
    if module.is_test or not module.words & _PERMISSIONS:
        return
    for node in module.all_nodes:
        if isinstance(node, Object):
            for key, value in node.entries:
                if isinstance(key, Literal) and key.value in _KEYS and _no_place(module, node, value):
                    yield Match(
                        value, f"The schema has no place for hosts in '{key.value}': granting it means all of them."
                    )
        elif isinstance(node, Field):
            yield from _of_field(module, node)


def _no_place(module: Module, around: Object, value: Expr) -> bool:
    """Tell whether the schema of the permission for the network has actions and no hosts."""
    inner = strip(value)
    text = module.text_of(inner)
    if isinstance(inner, Object):
        properties = inner.get("properties")
        properties = strip(properties) if properties is not None else None
        if isinstance(properties, Object) and set(properties.keys) & ACTIONS:
            return not any(name in text for name in HOSTS)
        kind = inner.get("type")
        if not isinstance(kind, Literal) or kind.value != "boolean":
            return False
    elif (
        not isinstance(inner, Call)
        or not found(_BOOLEAN, text[:_LONGEST])
        or found(_PLACES, text[:_LONGEST].replace("z.", ""))
    ):
        return False
    return about_permissions(module, around)


def about_permissions(module: Module, node: Node) -> bool:
    """Tell whether something around a schema is named for permissions."""
    inner: Node = node
    for around in ancestors(node):
        name = ""
        if isinstance(around, Assign) and isinstance(around.target, Name | Member):
            name = around.target.id if isinstance(around.target, Name) else around.target.name
        elif isinstance(around, Class | Field):
            name = around.name
        elif isinstance(around, Object):
            key = next((key for key, value in around.entries if value is inner), None)
            name = str(key.value) if isinstance(key, Literal) else ""
        if set(words(name)) & _PERMISSIONS:
            return True
        inner = around
    return False


@subject_check("SEC043")
def switch_in_manifest(inquiry: Inquiry) -> Iterator[Match]:
    """Look for a mere switch for the network among the members of a manifest."""
    for shape in manifest_shapes(inquiry):
        named = {name: set(words(name)) for name in shape.fields}
        if any(said & PLACES for said in named.values()):
            continue
        for name, node in shape.fields.items():
            if named[name] & _KEYS and _is_switch(shape.module, node):
                yield Match(
                    locate(shape.module, node),
                    f"The manifest has no place for hosts beside '{name}': granting it means all of them.",
                )


def _is_switch(module: Module, node: Node) -> bool:
    """Tell whether a member of a manifest is yes or no."""
    if isinstance(node, Field):
        return node.type.replace(" ", "").strip("'\"") in ("bool", "bool|None", "Optional[bool]")
    text = module.text_of(node)[:_LONGEST]
    described = isinstance(node, Object | Call) and found(_BOOLEAN, text)
    return described and not found(_PLACES, text.replace("z.", ""))


def _of_field(module: Module, field: Field) -> Iterator[Match]:
    owner = class_of(field)
    if owner is None:
        return
    declared = field.type.replace(" ", "").strip("'\"")
    said = set(words(owner.name))
    meant = field.name in _KEYS or (field.name == "fetch" and bool(said & _KEYS))
    if meant and said & _PERMISSIONS:
        siblings = {other.name for other in owner.fields} & set(HOSTS)
        plain = declared in ("boolean", "bool", "true") or (declared.startswith("{") and "fetch" in declared)
        if plain and not siblings and not any(host in declared for host in HOSTS):
            place = f"'{owner.name}' has no place for hosts"
            yield Match(field, f"{place} in '{field.name}': granting it means all of them.")
    elif set(words(field.name)) & _PERMISSIONS and declared.startswith("{"):
        place_of = _inside(module, field)
        if place_of is not None:
            yield Match(place_of, f"'{field.name}' has no place for the hosts of the network: granting it means all.")


def _inside(module: Module, field: Field) -> Location | None:
    """Return the place of the permission for the network inside the type of a field."""
    text = module.text_of(field)[: _LONGEST * 4]
    for name in sorted(NETWORK):
        at = text.find(f"{name}?:") if f"{name}?:" in text else text.find(f"{name}:")
        if at < 0 or (at and (text[at - 1].isalnum() or text[at - 1] in "_$")):
            continue
        rest = text[at:].split(":", 1)[1].lstrip()
        inner = rest[: rest.find("}") + 1] if rest.startswith("{") else rest.split(";")[0].split(",")[0].split("}")[0]
        if found(_BOOLEAN, inner) and not found(_PLACES, inner):
            start = field.raw.start_byte + len(text[:at].encode())
            end = start + len(text[at : at + len(name)].encode())
            return locate_bytes(module, start, end)
    return None
