"""REG302: a host reads its plugins from a group that is nearly the one which its own packages declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.place import locate
from reviewer.experts.python_package.entry_points import SCRIPTS, entry_points
from reviewer.experts.python_package.spelling import slip_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Expr
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry
else:
    from reviewer.core.location import Location

_FIRST: Final = frozenset({"load_setuptools_entrypoints", "iter_entry_points"})
_BY_NAME: Final = frozenset({"entry_points", "select"})
_STEVEDORE: Final = frozenset(
    "ExtensionManager DriverManager HookManager NamedExtensionManager EnabledExtensionManager "
    "DispatchExtensionManager NameDispatchExtensionManager".split()
)


class Read(Fact, frozen=True):
    """A group that is read under a fixed name."""

    group: str
    at: Location


def _draw(_inquiry: Inquiry, module: Module) -> list[Read] | None:
    if module.language != "python":
        return None
    found = []
    for call in module.calls(_FIRST | _BY_NAME | _STEVEDORE):
        group = fixed_text(module, _group(call))
        if group:
            found.append(Read(group, locate(module, call)))
    return found or None


def _group(call: Call) -> Expr | None:
    """Return the argument that names the group."""
    if call.name in _BY_NAME:
        return call.keywords.get("group")
    return call.arg(0, "namespace" if call.name in _STEVEDORE else "group")


_READ: Final = Drawn(
    "python.groups_read", _draw, list[Read], ("entry", "entrypoints", "stevedore", "manager"), tests=False
)


@subject_check("REG302")
def group_unread(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the groups that code reads against those that the packages beside it declare."""
    declared = {entry.group: entry for entry in entry_points(inquiry) if entry.group not in SCRIPTS}
    if not declared:
        return
    read = [one for part in _READ.of(inquiry) for one in part]
    unread = declared.keys() - {one.group for one in read}
    for one in read:
        meant = slip_of(one.group, unread) if one.group not in declared else ""
        if meant:
            yield Match(
                one.at,
                f"The group '{one.group}' is read, and what the package declares stands in '{meant}', which nobody "
                "reads: no plugin is found, and nothing says so.",
                related=((declared[meant].section, "declared here"),),
            )
