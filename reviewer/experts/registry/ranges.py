"""Version ranges as manifests write them: what they admit, and whether two of them can meet."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.experts.semver import Version

_LONGEST: Final = 200
"""Characters of a range that are read; no real one is near."""
_NUMBER: Final = regex(r"\d{1,9}(?:\.(?:\d{1,9}|[xX*]))*")
_SPACED: Final = regex(r"([<>=~^!]{1,3})\s+(?=[vV\d])")
_NAMES: Final = frozenset(
    "latest newest any next stable beta alpha canary nightly edge head main master trunk dev develop snapshot".split()
)
"""Words for a version that moves."""
_PLACES: Final = regex(
    r"^(?:git(?:\+|:|@)|git\+?(?:ssh|https?)|https?://|ssh://|github:|gitlab:|bitbucket:|[\w.-]+/[\w.-]+(?:#|$))",
    re.IGNORECASE,
)
_PINNED: Final = regex(
    r"[#@/](?=[a-f]{0,39}\d)[0-9a-f]{7,40}(?:\.tar\.gz|\.tgz|\.zip)?$|sha(?:256|512)[-=:]"
    r"|[#@](?:\w+@)?v?\d+\.\d+\.\d+[\w.+-]*$"
    r"|^https?://.{1,160}\bv?\d+\.\d+\.\d+[^/?#]{0,60}\.(?:tgz|tar\.gz|zip|whl)$",
    re.IGNORECASE,
)
"""What says of an address which state of it is meant: a commit, a digest, a release by its tag or file."""
_FAR: Final = "999999.0.0"
_NEAR: Final = ("0.0.0", "0.0.1")


class Range(Struct, frozen=True):
    """What a text admits.

    ``kind`` is ``any`` (every version), ``moving`` (a name such as latest, a branch, an address), ``open`` (a lower end
    alone), ``bounded``, ``empty`` (no version at all) or ``unread``.
    """

    text: str
    kind: str
    admits: Callable[[Version], bool] | None = None


@lru_cache(maxsize=1024)
def read_range(text: str) -> Range:
    """Read a range in the spelling of npm or of Python."""
    bare = text.strip()
    if len(bare) > _LONGEST:
        return Range(text, "unread")
    if _PLACES.match(bare):
        return Range(text, "unread" if _PINNED.search(bare) else "moving")
    if bare.lower().lstrip("=@") in _NAMES:
        return Range(text, "moving")
    admits = _reader(bare)
    if admits is None:
        return Range(text, "unread")
    from reviewer.experts.semver import Version

    far, near = admits(Version(_FAR)), any(admits(Version(one)) for one in _NEAR)
    if far:
        return Range(text, "any" if near and "!" not in bare else "open", admits)
    if not any(admits(version) for version in _samples(bare)):
        return Range(text, "empty", admits)
    return Range(text, "bounded", admits)


def meet(first: Range, second: Range) -> bool:
    """Tell whether some version lies in both; True where one of them was not understood."""
    one, other = first.admits, second.admits
    if one is None or other is None:
        return True
    samples = {*_samples(first.text), *_samples(second.text)}
    return any(one(version) and other(version) for version in samples)


def admits(wanted: Range, version: str) -> bool:
    """Tell whether a version lies in a range; True where one of them was not understood."""
    from reviewer.experts.semver import Version

    if wanted.admits is None:
        return True
    try:
        found = Version(version.lstrip("vV"))
    except ValueError:
        return True
    # a range that says nothing of prereleases is asked about the release that they lead to
    return wanted.admits(found) or (bool(found.prerelease) and wanted.admits(found.truncate()))


def _reader(bare: str) -> Callable[[Version], bool] | None:
    """Return what tells whether a version lies in a range, or None for what is no range."""
    from reviewer.experts.semver import NpmSpec

    try:
        spec = NpmSpec(_SPACED.sub(r"\1", bare.replace(",", " ").replace("==", "=")))
    except ValueError:
        return _python_reader(bare)
    return lambda version: bool(spec.match(version))


def _python_reader(bare: str) -> Callable[[Version], bool] | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        spec = SpecifierSet(bare)
    except InvalidSpecifier:
        return None
    return lambda version: spec.contains(str(version), prereleases=True)


def _samples(text: str) -> list[Version]:
    """Return versions at, just below and just above every version that a range names, and far ones."""
    from reviewer.experts.semver import Version

    found = [Version(one) for one in (*_NEAR, _FAR)]
    for hit in _NUMBER.findall(text)[:16]:
        parts = [0 if part in "xX*" else int(part) for part in hit.split(".")[:3]]
        major, minor, patch = (*parts, 0, 0, 0)[:3]
        found += [
            Version(major=major, minor=minor, patch=patch),
            Version(major=major, minor=minor, patch=patch + 1),
            Version(major=major, minor=minor + 1, patch=0),
            Version(major=major + 1, minor=0, patch=0),
        ]
        found += [Version(major=major, minor=minor, patch=patch - 1)] if patch else []
        found += [Version(major=major, minor=minor - 1, patch=999_999)] if minor else []
        found += [Version(major=major - 1, minor=999_999, patch=0)] if major else []
    return found
