"""What a subject says it needs: other plugins, packages, peers, and what is optional."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.engine.results import Need
from reviewer.experts.registry.requirements import FIELDS, needs_in, required_by
from reviewer.subject.ecosystem import GENERIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.engine.telling.packaging import Package
    from reviewer.subject.document import Value
    from reviewer.subject.ecosystem import EcosystemProfile
    from reviewer.subject.model import Subject

_NPM: Final = {"dependencies": "package", "peerDependencies": "peer", "optionalDependencies": "optional"}
_LONGEST: Final = 200


def needs_of(subject: Subject, profile: EcosystemProfile | None, package: Package) -> Iterator[Need]:
    """Yield the needs of a subject, plugins first."""
    if subject.kind == "plugin" and subject.manifest is not None:
        yield from _plugins(subject, subject.manifest.root, profile)
    if package.npm is not None:
        yield from _npm(package.npm.root)
    if package.metadata is not None:
        yield from _metadata(package.metadata.root)
    elif package.project is not None:
        yield from _project(package.project.root)


def _plugins(subject: Subject, manifest: Value, profile: EcosystemProfile | None) -> Iterator[Need]:
    """Yield the plugins that a manifest asks for; what npm calls dependencies are packages."""
    if profile is not None and profile.name != GENERIC:
        held = profile.field(manifest, "dependencies") if "dependencies" in profile.fields else None
        found = needs_in(held) if held is not None else iter(())
    else:
        packaged = subject.manifest_path.rsplit("/", 1)[-1] == "package.json"
        found = required_by(manifest, tuple(one for one in FIELDS if not (packaged and one in _NPM)))
    for one in found:
        yield _need(one.id, one.range, "plugin")


def _npm(package: Value) -> Iterator[Need]:
    for field, kind in _NPM.items():
        held = package.get(field)
        for name, wanted in held.members() if held is not None else ():
            yield _need(name, wanted.text, kind)


def _metadata(headers: Value) -> Iterator[Need]:
    required = headers.get("Requires-Dist")
    if required is None:
        return
    for item in required.items() if required.kind == "array" else (required,):
        optional = "extra" in item.text.partition(";")[2]
        yield from _requirement(item.text, "optional" if optional else "package")


def _project(document: Value) -> Iterator[Need]:
    listed = document.get("project", "dependencies")
    for item in listed.items() if listed is not None else ():
        yield from _requirement(item.text, "package")
    groups = document.get("project", "optional-dependencies")
    for _group, held in groups.members() if groups is not None else ():
        for item in held.items():
            yield from _requirement(item.text, "optional")


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
