"""What manifests and registry documents say that one plugin needs of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.text.ideas import DEMANDS, DEPENDENCIES, PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

FIELDS: Final = ("dependencies", "requires", "depends", "dependsOn", "depends_on", "extensionDependencies", "needs")
"""Members under which a manifest names the plugins that it needs."""
_NAMES: Final = ("id", "name", "plugin", "pluginId", "plugin_id", "extension")
_RANGES: Final = ("version", "range", "versionRange", "version_range", "versions", "constraint")
_GROUPS: Final = frozenset({*PLAIN_GUESTS, "required", "mandatory"})
"""Members of such a member that list the plugins, beside others that list something else."""
_SPELLED: Final = regex(r"^(@?[\w][\w.-]*(?:/[\w.-]+)?)\s*(?:@|\s|(?=[<>=~^!]))\s*(.*)$")
_MOST: Final = 2_000


class Requirement(Struct, frozen=True):
    """One plugin that another one needs; ``range`` is empty where none is named, ``at`` is where it stands."""

    id: str
    range: str
    at: Value
    ranged: bool
    """Whether a range is spelled at all, an empty one included."""


def requirements(inquiry: Inquiry) -> list[Requirement]:
    """Return what the manifest of a plugin needs."""
    document = inquiry.manifest
    if document is None or inquiry.subject.kind != "plugin":
        return []
    return list(required_by(document.root))


def required_by(manifest: Value, fields: tuple[str, ...] = FIELDS) -> Iterator[Requirement]:
    """Yield what one manifest, or one entry of a registry, needs."""
    left = _MOST
    for field in (*fields, *_named_so(manifest)):
        held = manifest.get(field)
        if held is None:
            continue
        for need in needs_in(held):
            left -= 1
            if left < 0:
                return
            yield need


def _named_so(manifest: Value) -> Iterator[str]:
    """Yield the other members whose names say that they list plugins that are needed: ``requiredPlugins``."""
    for key, _value in manifest.members():
        said = {word.lower() for word in words(key)}
        if key not in FIELDS and said & PLAIN_GUESTS and said & (DEPENDENCIES | DEMANDS | {"peer"}):
            yield key


def needs_in(held: Value) -> Iterator[Requirement]:
    """Yield what the value of one member says is needed: a map of names to ranges, or a list."""
    for key, value in held.members():
        if value.kind == "string":
            yield Requirement(key, value.text, value, ranged=True)
        elif value.kind == "object":
            span = _first(value, _RANGES)
            if span is None and key in _GROUPS:
                yield from needs_in(value)
                continue
            yield Requirement(key, span.text if span else "", span or value, ranged=span is not None)
        elif value.kind == "array" and key in _GROUPS:
            yield from needs_in(value)
    for item in held.items():
        if item.kind == "string":
            hit = _SPELLED.match(item.text[:300])
            identity, wanted = (hit.group(1), hit.group(2)) if hit else (item.text, "")
            yield Requirement(identity, wanted, item, ranged=bool(hit))
        elif item.kind == "object":
            named, span_at = _first(item, _NAMES), _first(item, _RANGES)
            if named is not None:
                text = span_at.text if span_at else ""
                yield Requirement(named.text, text, span_at or item, ranged=span_at is not None)


def _first(value: Value, names: tuple[str, ...]) -> Value | None:
    for name in names:
        found = value.get(name)
        if found is not None and found.kind == "string":
            return found
    return None
