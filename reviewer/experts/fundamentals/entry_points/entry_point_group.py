"""FUN302: a group of entry points that no host reads, though one reads a group of nearly that name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, subject_check
from reviewer.experts.profile import profile_of
from reviewer.experts.python_package.entry_points import SCRIPTS, entry_points
from reviewer.experts.python_package.groups import known_groups, meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry


@subject_check("FUN302")
def entry_point_group(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the groups with those that hosts read; a group that the package reads itself is its own."""
    profile = profile_of(inquiry)
    if profile is None:
        return
    groups = known_groups(profile.folder)
    told: set[str] = set()
    for entry in entry_points(inquiry):
        if entry.group in told or entry.group in SCRIPTS:
            continue
        told.add(entry.group)
        right = meant(entry.group, groups)
        if right is not None and not _read_here(inquiry, entry.group):
            yield Match(
                entry.section,
                f"No host reads the group '{entry.group}'; {right.host} reads '{right.name}', so it never finds this "
                "plugin.",
            )


def _read_here(inquiry: Inquiry, group: str) -> bool:
    """Tell whether the package's own code speaks of the group: then it is the host that reads it."""
    quoted = (f'"{group}"'.encode(), f"'{group}'".encode())
    reading = {"entry_points", "iter_entry_points", "load_setuptools_entrypoints"}
    modules = (module for module in inquiry.project.modules(reading) if module.path != "setup.py")
    return any(any(one in module.source for one in quoted) for module in modules)
