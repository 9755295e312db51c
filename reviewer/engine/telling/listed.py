"""Tells which plugins a registry document lists, and the file and digest that it names for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.errors import UnreadableError
from reviewer.experts.registry.document_entries import entries_of
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.read import read_document
from reviewer.subject.folder import read_regular
from reviewer.subject.limits import MAX_DOCUMENT_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.engine.job import Job
    from reviewer.experts.registry.document_entries import Entry
    from reviewer.subject.document import Document, Value

_FILES: Final = ("path", "file", "archive", "source", "location", "download", "tarball", "url", "href")
_NAMES: Final = ("id", "pluginId", "plugin_id", "slug", "name")
_KINDS: Final = ("sha256", "sha384", "sha512")
_DIGESTS: Final = ("digest", "integrity", "hash", "checksum")
_MOST: Final = 20_000


def listed(job: Job) -> list[dict[str, Any]]:
    """Return name, version, path and digest of each entry, in order; raises `UnreadableError`."""
    path = Path(job.path)
    data = read_regular(path, MAX_DOCUMENT_BYTES, job.name)
    try:
        document = read_document(path.name, data)
    except DocumentError as error:
        place = error.location
        raise UnreadableError(f"{job.name}:{place.line}:{place.column}: {error.message}") from error
    versioned = entries_of(document)
    return [_of_entry(one) for one in versioned] or list(_plain(document))


def _of_entry(entry: Entry) -> dict[str, Any]:
    return _told(entry.id, entry.version, entry.value)


def _plain(document: Document) -> Iterator[dict[str, Any]]:
    """Yield entries without versions: objects of one list that have a name and a file."""
    left = _MOST
    for held in (document.root, *(value for _key, value in document.root.members())):
        for value in held.items():
            name, file = _first(value, _NAMES), _first(value, _FILES)
            if name and file and left:
                left -= 1
                yield _told(name, "", value)


def _told(name: str, version: str, value: Value) -> dict[str, Any]:
    digest = next((f"{kind}:{found}" for kind in _KINDS if (found := _first(value, (kind,)))), "")
    return {
        "name": name,
        "version": version,
        "path": _first(value, _FILES),
        "digest": digest or _first(value, _DIGESTS),
    }


def _first(value: Value, names: tuple[str, ...]) -> str:
    found = (value.get(name) for name in names)
    return next((one.text for one in found if one is not None and one.text), "")
