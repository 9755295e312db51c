"""Files that a manifest names: where an ecosystem's ``profile.toml`` says that paths stand, and what each leads to.

::

    [names]
    not-paths = '^https?:'              # texts that are no path of the plugin (RE2)
    made = ["js", "css"]                # endings of what a build makes; those below are the default
    from-root = true                    # paths count from the folder of the subject, wherever in it the manifest lies

    [[names-file]]
    at = ["background.scripts.*"]       # dotted; * is every item of a list and every member of an object
    what = "script"                     # what it is called in a message
    severity = "high"                   # what harm it does when the file is not there; the rule's without it
    endings = [".js", "/index.js"]      # tried behind a path that leads to nothing as it stands
    glob = true                         # the text may be a pattern: * fits anything, / as well
    folder = true                       # a folder will do

A value that is no text is passed over, so that ``["icon", "icon.*"]`` is one icon or a table of them.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Iterator
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from reviewer.core.nearest import nearest
from reviewer.experts.data.patterns import found
from reviewer.experts.profile import profile_of
from reviewer.subject.building import Building
from reviewer.subject.shipping import shipping_of

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value
    from reviewer.subject.ecosystem import EcosystemProfile
    from reviewer.subject.model import Subject
    from reviewer.subject.shipping import Shipping

_MOST: Final = 1000
"""Texts of one manifest that are followed."""
_MOST_COMPARED: Final = 200_000
"""Paths that are held against patterns of one manifest."""
_LONGEST: Final = 400
_MADE: Final = ("js", "mjs", "cjs", "css", "html", "wasm", "map", "vsix")


class State(StrEnum):
    """What a path of a manifest leads to."""

    THERE = "there"
    OTHER_CASE = "other-case"
    """A file whose name differs in capital letters alone."""
    MISSING = "missing"
    OUTSIDE = "outside"
    """Out of the folder of the manifest, or nowhere that a path could lead."""
    UNBUILT = "unbuilt"
    """Nothing yet: a build makes it, or puts it there."""
    LEFT_OUT = "left-out"
    """A file that does not ship."""


class NamedFile(Struct, frozen=True):
    """One path that a manifest names.

    ``pointer`` is its place, dotted; ``path`` the file that it leads to, counted from the folder of the subject (of
    a pattern the first that fits), empty for none; ``near`` the file that may be meant; ``why`` what leaves it out.
    """

    pointer: str
    value: Value
    what: str
    state: State
    path: str = ""
    near: str = ""
    why: str = ""
    severity: str = ""


class _Naming(Struct, frozen=True):
    """One ``[[names-file]]``."""

    at: tuple[str, ...]
    what: str = "file"
    severity: str = ""
    endings: tuple[str, ...] = ()
    glob: bool = False
    folder: bool = False


def named_files(inquiry: Inquiry) -> tuple[NamedFile, ...]:
    """Return every path that the manifest of the subject names, in the order of the profile; worked out once."""
    known = inquiry.memory.get("named-files")
    if isinstance(known, tuple):
        return known
    profile = profile_of(inquiry)
    made = tuple(_follow_all(profile, inquiry.subject)) if profile is not None else ()
    inquiry.memory["named-files"] = made
    return made


def _follow_all(profile: EcosystemProfile, subject: Subject) -> Iterator[NamedFile]:
    manifest = subject.manifest
    namings = _namings(profile)
    if manifest is None or not namings:
        return
    resolver = _Resolver(profile.extra.get("names", {}), subject, shipping_of(profile, subject))
    texts = (
        (pointer, value, naming)
        for naming in namings
        for at in naming.at
        for pointer, value in values_at(manifest.root, at)
        if value.text
    )
    for pointer, value, naming in islice(texts, _MOST):
        if resolver.is_path(value.text):
            yield resolver.follow(pointer, value, naming)


def values_at(root: Value, at: str) -> Iterator[tuple[str, Value]]:
    """Yield the values under a dotted path with ``*`` for every item or member, with the dotted place of each."""
    level = [("", root)]
    for step in at.split("."):
        deeper: list[tuple[str, Value]] = []
        for pointer, value in level:
            if step != "*":
                found = value.get(step)
                deeper += [(_dotted(pointer, step), found)] if found is not None else []
                continue
            deeper += [(_dotted(pointer, key), inner) for key, inner in value.members()]
            deeper += [(f"{pointer}[{number}]", item) for number, item in enumerate(value.items())]
        level = deeper[: 4 * _MOST]
    yield from level


def _dotted(pointer: str, step: str) -> str:
    return f"{pointer}.{step}" if pointer else step


def _namings(profile: EcosystemProfile) -> list[_Naming]:
    tables: list[dict[str, Any]] = profile.extra.get("names-file", [])
    return [
        _Naming(**{**table, "at": tuple(table["at"]), "endings": tuple(table.get("endings", ()))}) for table in tables
    ]


class _Resolver(Struct, dict=True):
    """Follows the paths of one manifest."""

    names: dict[str, Any]
    """The table ``[names]`` of the profile."""
    subject: Subject
    shipping: Shipping
    left: int = field(default=_MOST_COMPARED)

    def is_path(self, text: str) -> bool:
        pattern = self.names.get("not-paths", "")
        return len(text) <= _LONGEST and not (pattern and found(pattern, text))

    @cached_property
    def _files(self) -> list[str]:
        return sorted(self.subject.files)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.subject.files)

    @cached_property
    def _unread(self) -> frozenset[str]:
        return self.subject.unread

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(folder for path in self._files for folder in _above(path))

    @cached_property
    def _lower(self) -> dict[str, str]:
        return {path.lower(): path for path in reversed(self._files)}

    @cached_property
    def _made(self) -> tuple[str, ...]:
        return tuple(f".{one}" for one in self.names.get("made", _MADE))

    @cached_property
    def _building(self) -> Building:
        return Building(self.subject)

    def follow(self, pointer: str, value: Value, naming: _Naming) -> NamedFile:
        """Say what one text leads to."""
        base = "" if self.names.get("from-root") else posixpath.dirname(self.subject.manifest_path)
        text = value.text.strip().replace("\\", "/").split("#", 1)[0].split("?", 1)[0]
        inside = posixpath.normpath(text.lstrip("/") or ".")
        state, path, near, why = State.THERE, "", "", ""
        if inside.startswith("../") or inside == "..":
            state = State.OUTSIDE
        else:
            wanted = posixpath.normpath(posixpath.join(base, inside))
            if naming.glob and "*" in inside:
                path = self._fitting(wanted)
                state = State.THERE if path or self.left <= 0 or self._building.is_built else State.MISSING
            else:
                state, path, near = self._plain(wanted, inside, naming)
        if state is State.THERE and path in self._known and not self.shipping.ships(path):
            state, why = State.LEFT_OUT, self.shipping.why(path)
        return NamedFile(pointer, value, naming.what, state, path, near, why, naming.severity)

    def _plain(self, wanted: str, inside: str, naming: _Naming) -> tuple[State, str, str]:
        """Return the state of a path without wildcards, the file that it leads to, and the one that is near."""
        for ending in ("", *naming.endings):
            if wanted + ending in self._known:
                return State.THERE, wanted + ending, ""
            if wanted + ending in self._unread:
                return State.THERE, "", ""  # a link, say: what it leads to is none of this review
        if wanted in self._folders or wanted == ".":
            return (State.THERE, wanted, "") if naming.folder else (State.MISSING, "", "")
        for ending in ("", *naming.endings):
            near = self._lower.get((wanted + ending).lower())
            if near is not None:
                return State.OTHER_CASE, "", near
        if self._building.makes(inside, self._made if not naming.endings else ("", *self._made)):
            return State.UNBUILT, "", ""
        return State.MISSING, "", self._near(wanted)

    def _near(self, wanted: str) -> str:
        """Return the file that a path may mean: of the same name elsewhere, or of a near name in the same folder."""
        folder, _, name = wanted.rpartition("/")
        same = [path for path in self._files if path.rsplit("/", 1)[-1] == name]
        if len(same) == 1:
            return same[0]
        ending = posixpath.splitext(name)[1][:4].lower()
        beside = [
            path.rsplit("/", 1)[-1]
            for path in self._files
            if path.rpartition("/")[0] == folder and posixpath.splitext(path)[1][:4].lower() == ending
        ]
        close = nearest(name, islice(beside, _MOST)) or ""
        return posixpath.join(folder, close) if close else ""

    def _fitting(self, pattern: str) -> str:
        """Return the first file that a pattern fits, or an empty string."""
        fixed = pattern[: pattern.index("*")]
        for path in islice(self._files, bisect_left(self._files, fixed), None):
            if not path.startswith(fixed):
                break
            self.left -= 1
            if self.left <= 0 or fnmatchcase(path, pattern):
                return path
        return ""


def _above(path: str) -> Iterator[str]:
    """Yield the folders above a file."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
