"""Tells by its content what a data file is: a manifest, a registry, a design, or somebody else's."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from reviewer.subject.ecosystem import GENERIC, Condition, EcosystemProfile, either
from reviewer.subject.runs_file import names_its_code

if TYPE_CHECKING:
    from reviewer.subject.document import Document, DocumentError, Value

_ENTRY_FACTS: Final = (
    "digest", "integrity", "sha256", "sha512", "hash", "checksum", "signature",
    "path", "file", "url", "source", "location", "download", "download_url", "downloadUrl", "tarball",
    "status", "state", "enabled", "channel", "publisher",
)  # fmt: skip
_ENTRY_NAMES: Final = ("id", "name", "key", "slug", "plugin", "pluginId", "plugin_id")
_ENTRY_VERSIONS: Final = ("version", "versions", "release", "latest")
_REGISTRY_WORDS: Final = ("registry", "marketplace", "catalog", "plugins", "extensions", "addons", "index")


class Found(Struct, frozen=True):
    """A data file that says something about a subject.

    ``role`` is ``manifest``, ``foreign``, ``registry`` or ``design``; ``base`` is the folder of the
    subject with ``/``. A higher ``weight`` is more telling.
    """

    path: str
    base: str
    role: str
    ecosystem: str
    why: str
    document: Document | None = None
    error: DocumentError | None = None
    weight: int = 0
    part_of: tuple[str, ...] = ()
    """Ecosystems inside whose subjects it is a part, no subject of its own."""
    by_code: bool = False
    """It was told by the code that it names alone: what that code is decides what it is about."""


def recognise(
    path: str, document: Document, profiles: Iterable[EcosystemProfile], there: Container[str] = ()
) -> Found | None:
    """Say what a document is, or None where it says nothing about plugins.

    ``path`` counts from the root, as does what is ``there`` beside it. A manifest of a named ecosystem comes before
    one of another product, and that before a generic one.
    """
    own = sorted(profiles, key=lambda profile: (profile.name == GENERIC, profile.name))
    named = _manifest(path, document, [profile for profile in own if profile.name != GENERIC])
    if named is not None:
        return named
    generic = [profile for profile in own if profile.name == GENERIC]
    for profile in generic:
        for condition in profile.foreign:
            base = condition.base(path)
            if base is not None and condition.manifest(document.root) is not None:
                return Found(path, base, "foreign", GENERIC, f"{_name(path)} is {condition.product}")
    known = _design(path, document) or _manifest(path, document, generic) or _registry(path, document)
    return known or _manifest(path, document, generic, there)


def recognise_damaged(path: str, error: DocumentError, profiles: Iterable[EcosystemProfile]) -> Found | None:
    """Take a file that can't be read for a manifest or a design where its name is a usual one, else return None."""
    bases = {profile.name: profile.base(path) for profile in profiles if not profile.packaging}
    # A name with its folder says more than a bare one, so the subject that lies highest is meant.
    named = [(len(base), name != GENERIC, name, base) for name, base in bases.items() if base is not None]
    if named:
        *_order, name, base = min(named)
        why = f"{_name(path)} is named like a manifest and can't be read"
        return Found(path, base, "manifest", name, why, error=error)
    if is_design_name(path):
        why = f"{_name(path)} is named like a design and can't be read"
        return Found(path, _folder(path), "design", GENERIC, why, error=error)
    return None


def forced(path: str, document: Document, profile: EcosystemProfile) -> Found | None:
    """Take a document for the manifest of an ecosystem that a person named, or return None."""
    found = _manifest(path, document, [profile])
    base = profile.base(path)
    if found is None and base is not None:
        why = f"{_name(path)} is named like a manifest of {profile.title}"
        return Found(path, base, "manifest", profile.name, why, document)
    return found


def _manifest(
    path: str, document: Document, profiles: list[EcosystemProfile], there: Container[str] | None = None
) -> Found | None:
    """Return the most telling condition that holds: those that ask for code where it is said what is ``there``."""
    best: Found | None = None
    for profile in profiles:
        for condition in profile.recognise:
            base = condition.base(path)
            asked = condition.names_code is (there is not None)
            held = condition.manifest(document.root) if base is not None and asked else None
            if held is not None and there is not None and not names_its_code(held, base or "", there):
                continue
            if base is None or held is None or (best is not None and best.weight >= condition.weight):
                continue
            whole = document if held is document.root else replace(document, root=held)
            why = f"{_name(path)} has {_seen(held, condition)}"
            weight, part_of, by_code = condition.weight, condition.part_of, condition.names_code
            best = Found(path, base, condition.role, profile.name, why, whole, None, weight, part_of, by_code)
        if best is not None:
            return best
    return best


def _seen(manifest: Value, condition: Condition) -> str:
    """List the fields that told, in words."""
    fields = [_field(manifest, one) for one in (*condition.all, *condition.any)]
    fields += [*condition.equals, *(name for name in condition.beyond if name != ".")]
    fields += [_other_member(manifest, condition)]
    names = list(dict.fromkeys(name for name in fields if name))[:6]
    listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
    return f"{listed} under {condition.at!r}" if condition.at else listed


def _other_member(manifest: Value, condition: Condition) -> str:
    """Name the member that an object has besides the usual ones, where the condition asks for one."""
    for name, usual in condition.beyond.items():
        held = manifest if name == "." else manifest.get(name) or manifest.get(*name.split("."))
        found = next((key for key, _value in held.members() if key not in usual), "") if held is not None else ""
        if found:
            return found
    return ""


def _field(manifest: Value, condition: str) -> str:
    return next((path for path, _kind in either(condition) if manifest.get(*path.split(".")) is not None), "")


def _design(path: str, document: Document) -> Found | None:
    """Take a document for a design by its name, or by inputs together with decisions or a host."""
    root = document.root
    if root.kind != "object":
        return None
    inputs = root.get("inputs")
    told = [key for key in ("host", "inputs", "decisions") if root.get(key) is not None]
    by_content = inputs is not None and inputs.kind == "object" and len(told) > 1
    if not (by_content or is_design_name(path)):
        return None
    why = f"{_name(path)} has {' and '.join(told)}" if told else f"{_name(path)} is named like a design"
    return Found(path, _folder(path), "design", GENERIC, why, document)


def is_design_name(path: str) -> bool:
    """Tell whether a file has the usual name of a design, in any of its formats."""
    return _name(path).rsplit(".", 1)[0] == "plugin-design"


def _registry(path: str, document: Document) -> Found | None:
    """Take a document for a registry where it lists several versioned things with where they are."""
    root = document.root
    if root.get("lockfileVersion") is not None or root.get("jsonschema") is not None:
        return None
    named = any(word in _name(path).lower() for word in _REGISTRY_WORDS)
    for label, held in _collections(root):
        entries = list(held.items()) or [value for _, value in held.members()]
        keyed = held.kind == "object"
        count = sum(_is_entry(entry, keyed=keyed) for entry in entries)
        placed = any(entry.get(fact) is not None for entry in entries for fact in _ENTRY_FACTS)
        if count * 2 > len(entries) and placed and (count >= 2 or named):
            why = f"{_name(path)} lists {len(entries)} entries with a version{label}"
            return Found(path, _folder(path), "registry", GENERIC, why, document)
    return None


def _collections(root: Value) -> Iterator[tuple[str, Value]]:
    yield "", root
    for key, value in root.members():
        if value.kind in ("array", "object"):
            yield f" under {key!r}", value


def _is_entry(value: Value, *, keyed: bool) -> bool:
    identified = keyed or any(value.get(name) is not None for name in _ENTRY_NAMES)
    return identified and any(value.get(name) is not None for name in _ENTRY_VERSIONS)


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]
