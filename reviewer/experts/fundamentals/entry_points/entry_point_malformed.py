"""FUN301: an entry point that no tool can read, or that its host refuses by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.profile import profile_of
from reviewer.experts.python_package.entry_points import SCRIPTS, entry_points, package_documents
from reviewer.experts.python_package.groups import known_groups
from reviewer.experts.python_package.requirements import normal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.entry_points import EntryPoint
    from reviewer.experts.python_package.groups import Group

_IN_PROJECT = {"console_scripts": "scripts", "gui_scripts": "gui-scripts"}


@subject_check("FUN301")
def entry_point_malformed(inquiry: Inquiry) -> Iterator[Match]:
    """Hold every entry point against the specification, and its name against what the host asks."""
    profile = profile_of(inquiry)
    groups = known_groups(profile.folder) if profile is not None else {}
    told: set[str] = set()
    for entry in entry_points(inquiry):
        if entry.group in SCRIPTS and entry.source == "pyproject.toml" and _standard(inquiry, entry):
            if entry.group not in told:
                told.add(entry.group)
                yield Match(
                    entry.section,
                    f"'{entry.group}' may not stand among the entry points of pyproject.toml, and build tools refuse "
                    f"it; write [project.{_IN_PROJECT[entry.group]}].",
                )
            continue
        wrong = _wrong(inquiry, entry, groups.get(entry.group))
        if wrong:
            yield Match(entry.place, wrong)


def _standard(inquiry: Inquiry, entry: EntryPoint) -> bool:
    """Tell whether an entry stands in the table that the specification speaks of, not in one of another tool."""
    document = package_documents(inquiry).get(entry.source)
    if document is None:
        return False
    table = document.get("project", "entry-points") or document.get("entry-points")
    return table is not None and table.get(entry.group) is not None


def _wrong(inquiry: Inquiry, entry: EntryPoint, group: Group | None) -> str:
    reference = entry.reference
    if group is not None and group.names_file:
        return ""
    if reference is None:
        return (
            f"'{entry.value[:80]}' is no reference to an object; expected a module, a colon and a name in it, for "
            f'example "{_example(entry.value)}".'
        )
    if group is not None and group.entries and not found(f"^(?:{group.entries})$", entry.name):
        return (
            f"{group.host} refuses an entry called '{entry.name}' in '{group.name}'; expected {group.says}, for "
            f"example {group.example}."
        )
    unknown = [extra for extra in reference[2] if not _has_extra(inquiry, extra)]
    if unknown:
        return f"'{entry.name}' asks for the extra '{unknown[0]}', which the package does not have."
    return ""


def _example(value: str) -> str:
    """Return what the value may have been meant to be, in the right form."""
    module, _, attribute = value.strip().partition(":")
    module = module.removesuffix(".py").replace("/", ".").replace("-", "_").strip(". ")
    attribute = attribute.strip().removesuffix("()")
    dotted = ".".join(part for part in module.split(".") if part.isidentifier())
    if not dotted:
        return "acme_plugin.main:Plugin"
    return f"{dotted}:{attribute}" if attribute.isidentifier() else f"{dotted}:Plugin"


def _has_extra(inquiry: Inquiry, extra: str) -> bool:
    """Tell whether the package has an extra; where it does not say in a way that can be read, it has it."""
    for path, document in package_documents(inquiry).items():
        project = document.get("project") if path == "pyproject.toml" else None
        if project is not None:
            known = project.get("optional-dependencies")
            dynamic = project.get("dynamic")
            if any(one.text == "optional-dependencies" for one in (dynamic.items() if dynamic is not None else ())):
                return True
            return known is not None and normal(extra) in {normal(name) for name, _value in known.members()}
    return True
