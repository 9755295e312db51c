"""Finds the package that a subject is shipped as: of npm, or of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.core.errors import UnreadableError
from reviewer.engine.looking.data_files import documents_of
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from reviewer.subject.document import Document, Value
    from reviewer.subject.model import Subject


class Package(Struct, frozen=True):
    """The documents that describe a package, each None where it is not there."""

    npm: Document | None
    project: Document | None
    """``pyproject.toml``."""
    metadata: Document | None
    """What a wheel or a source distribution says of itself."""

    @property
    def name(self) -> Value | None:
        """The name under which it is installed."""
        return self._first("name", ("Name",))

    @property
    def version(self) -> Value | None:
        """Its version."""
        return self._first("version", ("Version",))

    @property
    def author(self) -> Value | None:
        """Who made it."""
        return self._first("author", ("Author", "Author-email"))

    def _first(self, key: str, headers: tuple[str, ...]) -> Value | None:
        places: list[tuple[Document | None, tuple[str, ...]]] = [(self.npm, (key,))]
        places += [(self.metadata, (header,)) for header in headers]
        places.append((self.project, ("project", key)))
        found = (document.get(*place) for document, place in places if document is not None)
        return next((value for value in found if value is not None), None)


def package_of(subject: Subject) -> Package:
    """Return what describes the package, from the files nearest to the top."""
    documents = {document.path: document for document in reversed(documents_of(subject))}
    return Package(
        documents.get("package.json") or documents.get("package/package.json"),
        documents.get("pyproject.toml"),
        _metadata(subject, documents),
    )


def _metadata(subject: Subject, documents: dict[str, Document]) -> Document | None:
    for path in subject.files:
        folder, _, name = path.rpartition("/")
        wheel = name == "METADATA" and folder.endswith(".dist-info")
        if (not wheel and name != "PKG-INFO") or folder.count("/"):
            continue
        if path in documents:
            return documents[path]
        try:
            return read_document(path, subject.read(path))
        except (UnreadableError, DocumentError):
            continue
    return None
