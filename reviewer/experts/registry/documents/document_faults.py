"""REG016 to REG019, REG034, REG035: what is wrong with the entries of a registry document."""

from __future__ import annotations

import re
from collections import Counter
from posixpath import normpath
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.registry.document_entries import registries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.document_entries import Entry
    from reviewer.subject.document import Document

_DIGESTS: Final = (
    "digest", "integrity", "sha256", "sha512", "sha384", "sha", "shasum", "hash", "checksum", "checksums", "hashes",
    "digests", "signature", "commit", "fingerprint",
)  # fmt: skip
_PLACES: Final = (
    "url", "download", "downloadUrl", "download_url", "tarball", "archive", "href", "source", "location", "path",
    "file",
)  # fmt: skip
_LOADED: Final = ("dist", "package", "artifact", "asset")
_STATES: Final = frozenset(
    "active inactive enabled disabled installed uninstalled available pending approved rejected deprecated "
    "stable beta alpha yanked blocked revoked withdrawn published unpublished draft review in-review "
    "quarantined suspended failed error loading loaded removed retired archived experimental preview release "
    "released rc nightly listed unlisted hidden unknown broken paused stopped running starting stopping "
    "updating rolled-back ok ready new verified unverified trusted untrusted on off maintained unmaintained "
    "end-of-life eol obsolete banned canary".split()
)
_ALIKE: Final = str.maketrans({"0": "o", "1": "l", "5": "s", "3": "e", "-": "", "_": "", ".": ""})
_MOST: Final = 400
"""Findings of one kind in one document; a broken generator would give thousands."""


@subject_check("REG016")
def entry_twice(inquiry: Inquiry) -> Iterator[Match]:
    """Find two entries with the same tenant, id and version."""
    for _document, entries in registries(inquiry):
        first: dict[tuple[str, str, str, str], Entry] = {}
        for entry in entries:
            platform = entry.fact("platform", "target", "arch", "os", "channel")
            key = (entry.tenant, entry.id, entry.version, platform.text if platform else "")
            other = first.setdefault(key, entry)
            if other is not entry:
                apart = entry.id_at is not other.id_at
                yield Match(
                    entry.id_at if apart else entry.version_at or entry.value,
                    f"'{entry.id}' {entry.version} stands in the registry twice: which one is installed depends on who "
                    "reads.",
                    related=((other.id_at if apart else other.version_at or other.value, "the first one"),),
                )


@subject_check("REG017")
def entry_version_unreadable(inquiry: Inquiry) -> Iterator[Match]:
    """Find versions that are no semantic versions where most of the document's are."""
    from packaging.version import InvalidVersion, Version

    for _document, entries in registries(inquiry):
        for entry in entries:
            try:
                Version(entry.version)
            except InvalidVersion:
                if not _SEMANTIC.fullmatch(entry.version):
                    yield Match(
                        entry.version_at or entry.value,
                        f"'{entry.version[:60]}' of '{entry.id}' is no version that can be compared; expected for "
                        "example '1.4.0'.",
                    )


_SEMANTIC: Final = regex(r"v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


@subject_check("REG018")
def entry_without_digest(inquiry: Inquiry) -> Iterator[Match]:
    """Find entries that say where a package is and not which bytes it has."""
    for _document, entries in registries(inquiry):
        bare = [entry for entry in entries if _is_fetched(entry) and not _has_digest(entry)]
        if len(bare) == len(entries) and len(entries) > 3:
            yield Match(
                bare[0].id_at,
                f"None of the {len(entries)} entries has a digest, so nobody can tell whether '{bare[0].id}' and the "
                "others are the packages that were reviewed.",
                confidence=None if _is_remote(bare[0]) else Confidence.POSSIBLE,
            )
            continue
        for entry in bare[:_MOST]:
            yield Match(
                entry.id_at,
                f"'{entry.id}' {entry.version} has no digest: whatever lies at its address is taken for the package.",
                confidence=None if len(bare) < len(entries) or _is_remote(entry) else Confidence.POSSIBLE,
            )


def _is_fetched(entry: Entry) -> bool:
    return entry.fact(*_PLACES, *_LOADED) is not None


def _is_remote(entry: Entry) -> bool:
    """Tell whether a package comes over the network rather than with the document."""
    return any("://" in value.text for _key, value in entry.value.members())


def _has_digest(entry: Entry) -> bool:
    if entry.fact(*_DIGESTS) is not None:
        return True
    return any(
        held.get(name) is not None for _key, held in entry.value.members() if held.kind == "object" for name in _DIGESTS
    )


@subject_check("REG019")
def entry_place_unsafe(inquiry: Inquiry) -> Iterator[Match]:
    """Find addresses without TLS, absolute paths and paths that climb out."""
    for _document, entries in registries(inquiry):
        for entry in entries:
            for name in _PLACES:
                place = entry.value.get(name)
                why = _unsafe(place.text) if place is not None else ""
                if place is not None and why:
                    yield Match(place, f"'{place.text[:80]}', where '{entry.id}' {entry.version} is taken from, {why}.")


def _unsafe(text: str) -> str:
    if re.match(r"(?:http|ftp)://(?!localhost\b|127\.|\[::1\])", text, re.IGNORECASE):
        return "is fetched without TLS, so anybody on the way can put another package there"
    if re.match(r"(?:/|[A-Za-z]:[\\/]|\\\\|~/|file:///)", text):
        return "is an absolute path, which is another folder on every machine"
    if normpath(text.replace("\\", "/")).startswith("..") and "://" not in text:
        return "climbs out of the folder of the registry"
    return ""


@subject_check("REG034")
def status_unknown(inquiry: Inquiry) -> Iterator[Match]:
    """Find a status that none of the other entries has and that no registry knows."""
    for document, entries in registries(inquiry):
        for field in ("status", "state"):
            held = [(entry, entry.value.get(field)) for entry in entries]
            found = [(entry, value) for entry, value in held if value is not None and value.text]
            allowed = _allowed(document, field)
            counts = Counter(value.text for _entry, value in found)
            for entry, value in found:
                known = value.text in allowed if allowed else value.text.lower() in _STATES or counts[value.text] > 1
                if not known:
                    yield Match(
                        value,
                        f"'{value.text[:40]}' is the {field} of '{entry.id}' alone and no status that readers know.",
                    )


def _allowed(document: Document, field: str) -> frozenset[str]:
    """Return the states that the document itself lists, if it does."""
    for name in (f"{field}es", f"{field}s", f"allowed_{field}es", "states", "statuses"):
        listed = document.get(name)
        if listed is not None and listed.kind == "array":
            return frozenset(item.text for item in listed.items())
    return frozenset()


@subject_check("REG035")
def ids_look_alike(inquiry: Inquiry) -> Iterator[Match]:
    """Find ids that a reader takes for one another."""
    for _document, entries in registries(inquiry):
        first: dict[str, Entry] = {}
        spoken: set[str] = set()
        for entry in entries:
            other = first.setdefault(entry.id.casefold().translate(_ALIKE), entry)
            if other.id != entry.id and entry.id not in spoken:
                spoken.add(entry.id)
                yield Match(
                    entry.id_at,
                    f"'{entry.id}' looks like '{other.id}': who means one of them may install the other.",
                    related=((other.id_at, "the other one"),),
                )
