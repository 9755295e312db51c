"""The tables of a subject's host, and the oldest release that its manifest promises to run on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from msgspec import Struct

from reviewer.experts.data.patterns import found
from reviewer.experts.profile import profile_of
from reviewer.experts.registry.ranges import read_range
from reviewer.subject.api_table import api_tables, release

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.api_table import ApiTable, Release
    from reviewer.subject.document import Value

_PLAIN: Final = r"^\s*[vV=]?\d+(\.\d+){0,3}(-[\w.]+)?\s*$"
_NUMBERS: Final = 3
_FAR: Final = (9999,)


class Promise(Struct, frozen=True):
    """A table of the host, and what the manifest says of the host's version; None for what it does not say."""

    table: ApiTable
    said: Value | None
    oldest: Release | None
    newest: Release | None
    """The newest release that may run the plugin; far away where nothing ends the range."""
    meant: bool
    """Whether the manifest speaks of this host at all, with a version or without."""

    @property
    def spelled(self) -> str:
        """The oldest release as a person writes it."""
        return ".".join(map(str, (*(self.oldest or ()), 0, 0, 0)[: max(_NUMBERS, len(self.oldest or ()))]))


def promises(inquiry: Inquiry) -> tuple[Promise, ...]:
    """Return the tables of the subject's ecosystem with what its manifest promises; worked out once."""
    known = inquiry.memory.get("host.promises")
    if known is None:
        known = inquiry.memory["host.promises"] = _promises(inquiry)
    return cast("tuple[Promise, ...]", known)


def _promises(inquiry: Inquiry) -> tuple[Promise, ...]:
    profile = profile_of(inquiry)
    if profile is None or inquiry.subject.kind != "plugin":
        return ()
    made = []
    for table in api_tables(profile.folder, profile.extra.get("api")):
        said = _said(inquiry, table)
        oldest, newest = _ends(said.text, table) if said is not None else (None, None)
        made.append(Promise(table, said, oldest, newest, meant=said is not None or _speaks_of(inquiry, table)))
    return tuple(made)


def _speaks_of(inquiry: Inquiry, table: ApiTable) -> bool:
    """Tell whether the manifest has the object in which it would promise the host a version."""
    manifest = inquiry.manifest
    above = [path.split(".")[:-1] for path in table.minimum.split("|")]
    return manifest is not None and any(steps and manifest.get(*steps) is not None for steps in above)


def _said(inquiry: Inquiry, table: ApiTable) -> Value | None:
    if inquiry.manifest is None:
        return None
    for path in table.minimum.split("|"):
        value = inquiry.manifest.get(*path.split("."))
        if value is not None and value.kind == "string":
            return value
    return None


def _ends(text: str, table: ApiTable) -> tuple[Release | None, Release | None]:
    """Return the oldest and the newest release that a version or a range admits."""
    if found(_PLAIN, text):
        return release(text), _FAR
    wanted = read_range(text)
    if wanted.admits is None:
        return None, None
    if wanted.kind == "any":
        return (), _FAR
    from reviewer.experts.semver import Version

    named = [release(part) for part in text.replace("|", " ").replace(",", " ").split()]
    candidates = sorted({(*one, 0, 0, 0)[:_NUMBERS] for one in (*table.releases, *named)})
    fits = [one for one in candidates if wanted.admits(Version(major=one[0], minor=one[1], patch=one[2]))]
    if not fits:
        return None, None
    far = wanted.kind == "open" or fits[-1] == candidates[-1]
    return release(".".join(map(str, fits[0]))), _FAR if far else release(".".join(map(str, fits[-1])))
