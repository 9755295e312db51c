"""Lays what a subject offers beside what it offered, and says how grave it is that something broke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.location import Location
from reviewer.core.scale import Severity
from reviewer.experts.check import Inquiry
from reviewer.experts.interface.declarations import DeclaredProject, declarations
from reviewer.experts.interface.member import Note, Offered
from reviewer.experts.interface.release import Release, breaking_is_allowed, has_come, release_of
from reviewer.experts.interface.surface import part_paths, surface

if TYPE_CHECKING:
    from reviewer.code.project import Project
    from reviewer.experts.earlier import Earlier

Key = tuple[str, str]
"""The part of the package, and the dotted name in it."""
_NOT_NAMED: Final = Note()


class Weight(Struct, frozen=True):
    """What a break of one member means: None as severity for what was announced and has come."""

    severity: Severity | None
    said: str
    """How the message goes on, a space or a semicolon first; may be empty."""


class Comparison(Struct, frozen=True):
    """Two versions of what is offered."""

    earlier: Earlier
    inquiry: Inquiry
    """Of the earlier version, for what other rooms know of a subject."""
    before: dict[Key, Offered]
    after: dict[Key, Offered]
    was: Release
    now: Release
    start: Location
    """A place in the present version for what is nowhere any more."""
    parts: dict[str, str]
    """The module of each part of the present version."""

    @property
    def allowed(self) -> bool:
        """Tell whether the version says that things may break."""
        return breaking_is_allowed(self.was.version, self.now.version)

    @property
    def versions(self) -> str:
        """How messages name the step: the two versions, or what the earlier one was asked for by."""
        if self.was.version and self.now.version and self.was.version != self.now.version:
            return f"between {self.was.version} and {self.now.version}"
        same = f" (both are {self.now.version})" if self.now.version and self.was.version else ""
        return f"since {self.earlier.name}{same}"

    def kept(self) -> list[tuple[Key, Offered, Offered]]:
        """Return what is offered in both versions, in order."""
        return [(key, self.before[key], self.after[key]) for key in sorted(self.before.keys() & self.after.keys())]

    def weigh(self, *notes: Note) -> Weight:
        """Say how grave a break is, given what was said about the member and its owner before."""
        note = next((one for one in notes if one.deprecated), _NOT_NAMED)
        if self.allowed:
            return Weight(Severity.INFO, f"; {self.now.version} is a version that may break things")
        if note.deprecated and note.removal:
            if has_come(note.removal, self.now.version):
                return Weight(None, "")
            return Weight(Severity.HIGH, f"; it was promised to stay until {note.removal}")
        if note.deprecated:
            return Weight(Severity.MEDIUM, "; it was deprecated, and no version named for its end")
        return Weight(Severity.HIGH, "")

    def note(self, key: Key) -> tuple[Note, ...]:
        """Return what was said about a member and about what it belongs to."""
        member = self.before[key]
        owner = self.before.get((key[0], member.owner))
        return (member.note, owner.note) if owner is not None else (member.note,)


def comparison(inquiry: Inquiry) -> Comparison | None:
    """Return the two versions side by side, worked out once; None where nobody asked for an earlier one."""
    earlier = inquiry.earlier
    if earlier is None:
        return None
    kept = inquiry.memory.get("interface.comparison")
    if not isinstance(kept, Comparison):
        old = Inquiry(earlier.subject, earlier.project, inquiry.settings)
        was, now = release_of(earlier.subject), release_of(inquiry.subject)
        before, after = _projects(old, inquiry)
        offers = surface(old, before), surface(inquiry, after)
        kept = Comparison(earlier, old, *offers, was, now, _start(inquiry, now), part_paths(inquiry, after))
        inquiry.memory["interface.comparison"] = kept
    return kept


def _projects(old: Inquiry, new: Inquiry) -> tuple[Project, Project]:
    """Return the modules to compare: with the declaration files, where both versions ship some."""
    if declarations(old) and declarations(new):
        return DeclaredProject(old), DeclaredProject(new)
    return old.project, new.project


def _start(inquiry: Inquiry, release: Release) -> Location:
    """Return the version in the manifest, or else the first line of what there is."""
    if release.place is not None:
        return release.place
    subject = inquiry.subject
    path = subject.manifest_path or next(iter((*inquiry.project.sources, *subject.files)), "")
    return Location(path, 1, 1, 1, 1)
