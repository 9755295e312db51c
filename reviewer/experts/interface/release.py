"""How far apart two versions are, as semantic versioning counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.core.errors import UnreadableError

if TYPE_CHECKING:
    from reviewer.core.location import Location
    from reviewer.subject.document import Document
    from reviewer.subject.model import Subject

_PLACES: Final = (("version",), ("project", "version"), ("tool", "poetry", "version"), ("plugin", "version"))
_FILES: Final = ("package.json", "pyproject.toml")
_METADATA: Final = (".dist-info/METADATA", ".egg-info/PKG-INFO")
_HEAD: Final = 4000
_LONGEST: Final = 60


class Release(NamedTuple):
    """The version that a subject says it has, and where; an empty text where it says none."""

    version: str
    place: Location | None


def release_of(subject: Subject) -> Release:
    """Return the version in the manifest of a subject, or else in what its package manager reads."""
    documents = [subject.manifest] if subject.manifest is not None else []
    documents += [subject.other_documents[name] for name in _FILES if name in subject.other_documents]
    for document in documents:
        found = _version(document)
        if found is not None:
            return found
    return Release(_packed(subject), None)


def _packed(subject: Subject) -> str:
    """Return the version that a built Python package carries; empty where it is none."""
    path = next((path for path in subject.files if path.endswith(_METADATA)), "")
    try:
        head = subject.read(path)[:_HEAD].decode("utf-8", "replace") if path else ""
    except UnreadableError:
        return ""
    lines = (line.partition(":") for line in head.splitlines())
    return next((value.strip()[:_LONGEST] for name, _, value in lines if name.lower() == "version"), "")


def _version(document: Document) -> Release | None:
    for place in _PLACES:
        value = document.get(*place)
        if value is not None and value.text and value.text[:1].lstrip("v=").isdigit():
            return Release(value.text[:_LONGEST], value.place)
    return None


def breaking_is_allowed(before: str, after: str) -> bool:
    """Tell whether a step between versions says that things may break: a higher major, or a higher minor below 1.0."""
    one, other = _numbers(before), _numbers(after)
    if one is None or other is None:
        return False
    if one[0] == 0 and other[0] == 0:
        return other[1] > one[1]
    return other[0] > one[0]


def has_come(promised: str, now: str) -> bool:
    """Tell whether a version that was promised has been reached."""
    one, other = _numbers(promised), _numbers(now)
    return one is not None and other is not None and other >= one


def _numbers(version: str) -> tuple[int, int, int] | None:
    from reviewer.experts.semver import Version

    if not version or len(version) > _LONGEST:
        return None
    try:
        found = Version.coerce(version.lstrip("vV="))
    except ValueError:
        return None
    return (found.major, found.minor, found.patch)
