"""Who a subject is, as its own data files say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.review import SubjectIdentity
from reviewer.engine.telling.packaging import package_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.subject.document import Document, Value
    from reviewer.subject.model import Subject

_IDS: Final = (("id",), ("domain",), ("name",), ("project", "name"), ("metadata", "name"))
_VERSIONS: Final = (("version",), ("project", "version"), ("metadata", "version"))
_LONGEST: Final = 200


def identity(subject: Subject) -> SubjectIdentity:
    """Return how a subject names itself, or else how its package is named."""
    package = package_of(subject)
    return SubjectIdentity(
        path=subject.path,
        kind=subject.kind,
        ecosystem=subject.ecosystem,
        id=_first_text(subject.manifest, _IDS) or _text(package.name),
        version=_first_text(subject.manifest, _VERSIONS) or _text(package.version),
        manifest=subject.manifest_path,
    )


def _first_text(document: Document | None, places: Iterable[tuple[str, ...]]) -> str:
    if document is None:
        return ""
    return next(filter(None, (_text(document.get(*place)) for place in places)), "")


def _text(value: Value | None) -> str:
    return value.text[:_LONGEST] if value is not None else ""
