"""Who a subject is, as its own data files say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.review import SubjectIdentity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.subject.document import Document
    from reviewer.subject.model import Subject

_IDS: Final = (("id",), ("domain",), ("name",), ("project", "name"), ("metadata", "name"))
_VERSIONS: Final = (("version",), ("project", "version"), ("metadata", "version"))
_LONGEST: Final = 200


def identity(subject: Subject) -> SubjectIdentity:
    """Return how a subject names itself."""
    return SubjectIdentity(
        path=subject.path,
        kind=subject.kind,
        ecosystem=subject.ecosystem,
        id=_first_text(subject.manifest, _IDS) or _first_text(_metadata(subject), (("Name",),)),
        version=_first_text(subject.manifest, _VERSIONS) or _first_text(_metadata(subject), (("Version",),)),
        manifest=subject.manifest_path,
    )


def _metadata(subject: Subject) -> Document | None:
    """Return the metadata of a wheel, where its manifest is another file of the same folder."""
    if not subject.manifest_path.endswith(".dist-info/entry_points.txt"):
        return None
    return subject.other_documents.get(subject.manifest_path.removesuffix("/entry_points.txt") + "/METADATA")


def documents_of(subject: Subject) -> list[Document]:
    """Return the parsed data files of a subject, the manifest first."""
    found = [] if subject.manifest is None else [subject.manifest]
    manifest = subject.manifest.path if subject.manifest is not None else ""
    found += [document for path, document in sorted(subject.other_documents.items()) if document.path != manifest]
    return found


def _first_text(document: Document | None, places: Iterable[tuple[str, ...]]) -> str:
    if document is None:
        return ""
    values = (document.get(*place) for place in places)
    return next((value.text[:_LONGEST] for value in values if value is not None and value.text), "")
