"""Tells what is in a subject: who publishes it, what it says it needs, and its source files by content."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer import resources
from reviewer.core.errors import UnreadableError
from reviewer.engine.identity import documents_of
from reviewer.engine.results import Inventory, Need, SourceFile
from reviewer.experts.registry.requirements import FIELDS, needs_in, required_by
from reviewer.subject.ecosystem import GENERIC, known_profiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.subject.document import Value
    from reviewer.subject.ecosystem import EcosystemProfile
    from reviewer.subject.model import Subject

_PACKAGE: Final = "package.json"
_NPM: Final = {"dependencies": "package", "peerDependencies": "peer", "optionalDependencies": "optional"}
_MOST_NEEDS: Final = 2_000
_MOST_SOURCES: Final = 5_000
_LONGEST: Final = 200


def inventory_of(subject: Subject, paths: Iterable[str], skills: tuple[str, ...]) -> Inventory:
    """Return the inventory of a subject; ``paths`` are its source files, ``skills`` the user's own folders."""
    profiles = known_profiles(resources.skills() / "ecosystems", skills)
    profile = next((one for one in profiles if one.name == subject.ecosystem), None)
    needs = dict.fromkeys(islice(_needs(subject, profile), _MOST_NEEDS))
    return Inventory(_publisher(subject, profile), tuple(needs), tuple(_sources(subject, paths)))


def _publisher(subject: Subject, profile: EcosystemProfile | None) -> str:
    manifest = subject.manifest
    if manifest is None:
        return ""
    found = profile.field(manifest.root, "publisher") if profile is not None else manifest.get("publisher")
    if found is None:
        return ""
    named = found.get("name") if found.kind == "object" else found
    return named.text[:_LONGEST] if named is not None else ""


def _needs(subject: Subject, profile: EcosystemProfile | None) -> Iterator[Need]:
    if subject.kind == "plugin" and subject.manifest is not None:
        yield from _plugins(subject.manifest.root, profile, packaged=_is_package(subject.manifest_path))
    for document in documents_of(subject):
        if _is_package(document.path):
            yield from _npm(document.root)
        elif document.path.rsplit("/", 1)[-1] == "pyproject.toml":
            yield from _pyproject(document.root)
    yield from _metadata(subject)


def _plugins(manifest: Value, profile: EcosystemProfile | None, *, packaged: bool) -> Iterator[Need]:
    """Yield the plugins that a manifest asks for; what npm calls dependencies are packages."""
    if profile is not None and profile.name != GENERIC:
        if "dependencies" not in profile.fields:
            return
        held = profile.field(manifest, "dependencies")
        found = list(needs_in(held)) if held is not None else []
    else:
        found = list(required_by(manifest, tuple(one for one in FIELDS if not (packaged and one in _NPM))))
    for one in found:
        yield _need(one.id, one.range, "plugin")


def _npm(package: Value) -> Iterator[Need]:
    for field, kind in _NPM.items():
        held = package.get(field)
        if held is not None:
            for name, wanted in held.members():
                yield _need(name, wanted.text, kind)


def _pyproject(document: Value) -> Iterator[Need]:
    listed = document.get("project", "dependencies")
    for item in listed.items() if listed is not None else ():
        yield from _requirement(item.text, "package")
    groups = document.get("project", "optional-dependencies")
    for _group, held in groups.members() if groups is not None else ():
        for item in held.items():
            yield from _requirement(item.text, "optional")


def _metadata(subject: Subject) -> Iterator[Need]:
    """Yield what the metadata of a Python distribution requires."""
    for path in subject.files:
        if path.count("/") != 1 or not path.endswith((".dist-info/METADATA", "/PKG-INFO")):
            continue
        try:
            head = subject.read(path)
        except UnreadableError:
            continue
        for line in head.partition(b"\n\n")[0].decode("utf-8", "replace").split("\n"):
            name, _, value = line.partition(":")
            if name.lower() == "requires-dist":
                yield from _requirement(value, "optional" if "extra" in value.partition(";")[2] else "package")
        return


def _requirement(text: str, kind: str) -> Iterator[Need]:
    """Yield what one requirement of Python's packages asks for; nothing where it can't be read."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        found = Requirement(text.strip()[: 5 * _LONGEST])
    except InvalidRequirement:
        return
    yield _need(found.name, str(found.specifier), kind)


def _need(name: str, wanted: str, kind: str) -> Need:
    return Need(name[:_LONGEST], wanted[:_LONGEST], kind)


def _is_package(path: str) -> bool:
    return path.rsplit("/", 1)[-1] == _PACKAGE


def _sources(subject: Subject, paths: Iterable[str]) -> Iterator[SourceFile]:
    for path in islice(paths, _MOST_SOURCES):
        try:
            content = subject.read(path)
        except UnreadableError:
            continue  # it is in the coverage, with its reason
        yield SourceFile(path, hashlib.sha256(content).hexdigest(), len(content))
