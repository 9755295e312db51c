"""JSON Schemas of manifests that a subject carries as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.api.manifest_shapes import is_manifest
from reviewer.experts.api.plugin_files import describes_plugin
from reviewer.experts.data.patterns import found
from reviewer.subject.document import Document, DocumentError
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_NAMES: Final = r"(?i)(schema|manifest)[\w.-]*(?:/[\w.-]+)?\.json$"
_MOST: Final = 40
_DEEPEST: Final = 6
"""References that lead to one another."""
_LARGEST: Final = 500_000


def schema_documents(inquiry: Inquiry) -> list[Document]:
    """Return the JSON Schemas of manifests among the files of a subject, worked out once."""
    kept = inquiry.memory.get("api.schema_documents")
    if not isinstance(kept, list):
        kept = inquiry.memory["api.schema_documents"] = _read(inquiry)
    return kept


def member_of(document: Document, *path: str) -> Value | None:
    """Follow keys from the root of a schema, through what it refers to by ``$ref`` in itself."""
    value: Value | None = document.root
    for step in path:
        value = _referred(document, value.get(step)) if value is not None else None
    return value


def _referred(document: Document, value: Value | None) -> Value | None:
    """Return what a value stands for: itself, or the definition that it refers to."""
    for _ in range(_DEEPEST):
        named = value.get("$ref") if value is not None and value.kind == "object" else None
        if named is None or named.kind != "string" or not named.text.startswith("#/"):
            return value
        value = document.get(*named.text.removeprefix("#/").split("/"))
    return None


def _read(inquiry: Inquiry) -> list[Document]:
    subject = inquiry.subject
    documents = dict(subject.other_documents)
    wanted = [
        path for path in subject.files if path not in documents and found(_NAMES, "/".join(path.rsplit("/", 2)[-2:]))
    ]
    for path in wanted[:_MOST]:
        entry = subject.root.entries.get(subject.base + path)
        if path == subject.manifest_path or entry is None or entry.size > _LARGEST or "node_modules/" in path:
            continue
        try:
            documents[path] = read_document(path, subject.read(path))
        except (DocumentError, LookupError, OSError):
            continue
    return [documents[path] for path in sorted(documents) if _is_schema(inquiry, documents[path])]


def _is_schema(inquiry: Inquiry, document: Document) -> bool:
    members = document.get("properties")
    if members is None or members.kind != "object":
        return False
    described = [value.kind in ("object", "boolean") for _name, value in members.members()]
    title = document.get("title")
    called = "_".join(title.text.split()) if title is not None and title.kind == "string" else ""
    called = called or ("manifest" if found(r"(?i)manifest[\w.-]*\.json$", document.path) else "")
    names = [name for name, _value in members.members()]
    stem = document.path.rsplit("/", 1)[-1].partition(".")[0]
    return all(described) and (is_manifest(names, called) or describes_plugin(inquiry.project, names, called or stem))
