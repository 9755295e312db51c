"""JSON Schemas of manifests that a subject carries as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.api.manifest_shapes import is_manifest
from reviewer.experts.data.patterns import found
from reviewer.subject.document import Document, DocumentError
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry

_NAMES: Final = r"(?i)(schema|manifest)[\w.-]*(?:/[\w.-]+)?\.json$"
_MOST: Final = 40
_LARGEST: Final = 500_000


def schema_documents(inquiry: Inquiry) -> list[Document]:
    """Return the JSON Schemas of manifests among the files of a subject, worked out once."""
    kept = inquiry.memory.get("api.schema_documents")
    if not isinstance(kept, list):
        kept = inquiry.memory["api.schema_documents"] = _read(inquiry)
    return kept


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
    return [documents[path] for path in sorted(documents) if _is_schema(documents[path])]


def _is_schema(document: Document) -> bool:
    members = document.get("properties")
    if members is None or members.kind != "object":
        return False
    described = [value.kind in ("object", "boolean") for _name, value in members.members()]
    title = document.get("title")
    called = "_".join(title.text.split()) if title is not None and title.kind == "string" else ""
    return all(described) and is_manifest([name for name, _value in members.members()], called)
