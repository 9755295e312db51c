"""The entries of registry documents: lists of plugins with a version and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

_NAMES: Final = ("id", "pluginId", "plugin_id", "plugin", "slug", "key", "name")
_VERSIONS: Final = ("version", "release")
_VERSION: Final = regex(r"v?\d+\.\d+(?:\.\d+)?(?:[-+.][\w.+-]*)?$")
_FACTS: Final = frozenset(
    "digest integrity sha256 sha512 hash checksum signature path file url source location download download_url "
    "downloadUrl tarball archive href status state enabled channel publisher".split()
)
_SHARED: Final = frozenset("publisher author channel description homepage license".split())
_OF_ONE: Final = frozenset(
    "package.json pyproject.toml plugin.json manifest.json entry_points.txt setup.cfg METADATA".split()
)
"""Documents of one package: what they list belongs to it, whatever it is called."""
_MOST: Final = 20_000
"""Entries of one document that are looked at."""


class Entry(Struct, frozen=True):
    """One version of one plugin in a registry document.

    ``value`` is the object that holds its facts, ``id_at`` and ``version_at`` where these two are
    spelled (the object itself where the key of a map says it).
    """

    id: str
    version: str
    value: Value
    id_at: Value
    version_at: Value | None
    tenant: str = ""

    def fact(self, *names: str) -> Value | None:
        """Return the first member of these names, or None."""
        for name in names:
            found = self.value.get(name)
            if found is not None and found.data is not None:
                return found
        return None


def registries(inquiry: Inquiry) -> list[tuple[Document, list[Entry]]]:
    """Return the registry documents of a subject with their entries, worked out once."""
    known = inquiry.memory.get("registry.documents")
    if isinstance(known, list):
        return known
    documents = [*inquiry.subject.other_documents.values()]
    if inquiry.subject.kind == "registry" and inquiry.manifest is not None:
        documents.insert(0, inquiry.manifest)
    found = [(document, entries) for document in documents if (entries := entries_of(document))]
    inquiry.memory["registry.documents"] = found
    return found


def entries_of(document: Document) -> list[Entry]:
    """Return the entries that a document lists; none where it is of another kind."""
    root = document.root
    if root.get("lockfileVersion") is not None or root.get("properties") is not None:
        return []
    if document.path.rsplit("/", 1)[-1] in _OF_ONE:
        return []
    best: list[Entry] = []
    for held in (root, *(value for _key, value in root.members() if value.kind in ("array", "object"))):
        found = list(_of_collection(held))
        placed = any(not _FACTS.isdisjoint(key for key, _value in entry.value.members()) for entry in found)
        if placed and len(found) > len(best):
            best = found
    return best


def _of_collection(held: Value) -> Iterator[Entry]:
    left = _MOST
    for value in held.items():
        name = _first(value, _NAMES)
        if name is not None:
            for entry in _of_entry(name.text, name, value):
                left -= 1
                if left < 0:
                    return
                yield entry
    for key, value in held.members():
        if value.kind in ("object", "array"):
            name = _first(value, _NAMES[:3]) if value.kind == "object" else None
            for entry in _of_entry(name.text if name else key, name or value, value):
                left -= 1
                if left < 0:
                    return
                yield entry


def _of_entry(identity: str, id_at: Value, value: Value) -> Iterator[Entry]:
    """Yield the entry that an object is, or the versions that it lists."""
    tenant = value.get("tenant") or value.get("tenantId") or value.get("tenant_id")
    version = _first(value, _VERSIONS)
    if version is not None:
        yield Entry(identity, version.text, value, id_at, version, tenant.text if tenant else "")
        return
    versions = value.get("versions") or value.get("releases") or (value if _lists_versions(value) else None)
    if versions is None:
        return
    for one in versions.items() if versions.kind == "array" else ():
        found = _first(one, _VERSIONS)
        if found is not None:
            yield Entry(identity, found.text, one, id_at, found, tenant.text if tenant else "")
    for key, one in versions.members():
        if one.kind == "object":
            yield Entry(identity, key, one, id_at, None, tenant.text if tenant else "")


def _lists_versions(value: Value) -> bool:
    """Tell whether what stands under an id are its versions: a list of them, or a map whose keys are versions."""
    if value.kind == "array":
        return all(_first(one, _NAMES) is None for one in value.items())
    keys = [key for key, _value in value.members()]
    return bool(keys) and all(_VERSION.match(key) for key in keys)


def _first(value: Value, names: tuple[str, ...]) -> Value | None:
    for name in names:
        found = value.get(name)
        if found is not None and found.kind == "string":
            return found
    return None
