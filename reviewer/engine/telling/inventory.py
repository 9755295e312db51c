"""Tells what is in a subject: who it is as a package, what it says it needs, and its source files by content."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer import resources
from reviewer.core.errors import UnreadableError
from reviewer.core.location import Fix
from reviewer.core.review import Problem
from reviewer.engine.results import Inventory, SourceFile
from reviewer.engine.telling.needs import needs_of
from reviewer.engine.telling.packaging import package_of
from reviewer.subject.ecosystem import known_profiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.core.review import Review
    from reviewer.subject.document import Value
    from reviewer.subject.ecosystem import EcosystemProfile
    from reviewer.subject.model import Subject

_MOST_FINDINGS: Final = 10_000
_MOST_NEEDS: Final = 2_000
_MOST_SOURCES: Final = 5_000
_LONGEST: Final = 200


def inventory_of(subject: Subject, paths: Iterable[str], skills: tuple[str, ...]) -> Inventory:
    """Return the inventory of a subject; ``paths`` are its source files, ``skills`` the user's own folders."""
    profiles = known_profiles(resources.skills() / "ecosystems", skills)
    profile = next((one for one in profiles if one.name == subject.ecosystem), None)
    package = package_of(subject)
    needs = dict.fromkeys(islice(needs_of(subject, profile, package), _MOST_NEEDS))
    return Inventory(
        name=_text(package.name),
        version=_text(package.version),
        publisher=_text(_publisher(subject, profile)) or _text(package.author),
        needs=tuple(needs),
        sources=tuple(_sources(subject, paths)),
    )


def lean(review: Review) -> Review:
    """Return a review without what nobody asks for where there are thousands: checklist, route, fixes and their places.

    Of very many findings the first are kept; the others are a problem of the review.
    """
    errors = review.errors
    more = len(review.findings) - _MOST_FINDINGS
    if more > 0:
        errors = (*errors, Problem("findings", f"there are {more:,} more findings than are kept of one subject"))
    findings = tuple(replace(one, related=(), fix=Fix("")) for one in review.findings[:_MOST_FINDINGS])
    return replace(review, route=(), findings=findings, checklist=(), errors=errors, interfaces=())


def _publisher(subject: Subject, profile: EcosystemProfile | None) -> Value | None:
    if subject.manifest is None:
        return None
    if profile is None:
        return subject.manifest.get("publisher")
    return profile.field(subject.manifest.root, "publisher")


def _text(value: Value | None) -> str:
    """Return a text, or the name in an object that describes somebody."""
    named = value.get("name") if value is not None and value.kind == "object" else value
    return named.text.strip()[:_LONGEST] if named is not None else ""


def _sources(subject: Subject, paths: Iterable[str]) -> Iterator[SourceFile]:
    for path in islice(paths, _MOST_SOURCES):
        try:
            content = subject.read(path)
        except UnreadableError:
            continue  # it is in the coverage, with its reason
        yield SourceFile(path, hashlib.sha256(content).hexdigest(), len(content))
