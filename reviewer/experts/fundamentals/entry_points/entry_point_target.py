"""FUN300: an entry point leads to a module or a name that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.nearest import did_you_mean
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.profile import profile_of
from reviewer.experts.python_package.entry_points import entry_points
from reviewer.experts.python_package.groups import known_groups
from reviewer.experts.python_package.requirements import normal, requirements
from reviewer.experts.python_package.spelling import slip_of
from reviewer.experts.python_package.targets import module_file, target, top_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.entry_points import EntryPoint
    from reviewer.experts.python_package.targets import Target


@subject_check("FUN300")
def entry_point_target(inquiry: Inquiry) -> Iterator[Match]:
    """Follow every entry point to its module and its name by reading the files."""
    profile = profile_of(inquiry)
    groups = known_groups(profile.folder) if profile is not None else {}
    for entry in entry_points(inquiry):
        reference = entry.reference
        group = groups.get(entry.group)
        if group is not None and group.names_file:
            yield from _no_file(inquiry, entry)
            continue
        if reference is None:
            continue
        module, attribute, _extras = reference
        found = target(inquiry, entry)
        if found.state == "no-module":
            yield Match(entry.place, _no_module(entry, module, found))
        elif found.state == "elsewhere":
            yield from _elsewhere(inquiry, entry, module)
        elif found.state == "no-attribute":
            yield Match(entry.place, _no_attribute(inquiry, entry, attribute, found))


def _no_file(inquiry: Inquiry, entry: EntryPoint) -> Iterator[Match]:
    """Speak of a reference to a file that the package does not have, where it has the module before the colon."""
    module, _, file = entry.value.partition(":")
    place = module_file(inquiry, module.strip())
    wanted = f"{place.rpartition('/')[0]}/{file.strip()}".removeprefix("/")
    if place and file and inquiry.subject.base + wanted not in inquiry.subject.root.entries:
        yield Match(
            entry.place,
            f"'{entry.name}' of '{entry.group}' leads to the file '{wanted}', which the package does not have.",
        )


def _no_module(entry: EntryPoint, module: str, found: Target) -> str:
    return (
        f"'{entry.name}' of '{entry.group}' leads to the module '{module}', and '{found.deepest}' has no "
        f"'{module[len(found.deepest) + 1 :]}': the host fails when it loads the plugin."
    )


def _elsewhere(inquiry: Inquiry, entry: EntryPoint, module: str) -> Iterator[Match]:
    """Speak of a module that belongs to no part of the package where its name says that it should."""
    top = module.partition(".")[0]
    own = top_modules(inquiry)
    if not own or normal(top) in requirements(inquiry):
        return
    near = slip_of(top, own)
    if near or (len(own) == 1 and not requirements(inquiry)):
        hint = f"; did you mean {near!r}?" if near else f"; the package's own is '{own[0]}'"
        yield Match(
            entry.place,
            f"'{entry.name}' of '{entry.group}' leads to the module '{module}', which this package does not "
            f"have{hint}: the host fails when it loads the plugin.",
            confidence=None if near else Confidence.POSSIBLE,
        )


def _no_attribute(inquiry: Inquiry, entry: EntryPoint, attribute: str, found: Target) -> str:
    module = inquiry.project.module(found.path)
    names = list(module.scopes.table(None)) if module is not None else []
    return (
        f"'{entry.name}' of '{entry.group}' leads to '{attribute}', which {found.path} does not "
        f"define{did_you_mean(attribute, names)}: the host fails when it loads the plugin."
    )
