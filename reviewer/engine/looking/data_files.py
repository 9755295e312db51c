"""The parsed data files of a subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.subject.document import Document
    from reviewer.subject.model import Subject


def documents_of(subject: Subject) -> list[Document]:
    """Return the parsed data files of a subject, the manifest first."""
    found = [] if subject.manifest is None else [subject.manifest]
    manifest = subject.manifest.path if subject.manifest is not None else ""
    found += [document for path, document in sorted(subject.other_documents.items()) if document.path != manifest]
    return found
