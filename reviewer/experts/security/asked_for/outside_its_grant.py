"""SEC450: a plugin asks its host by a name that the list of what it may ask by does not hold."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from msgspec import field

from reviewer.code.syntax import Call
from reviewer.core.location import Location
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value
    from reviewer.subject.permission_table import PermissionTable

_FIELDS: Final = ("permissions", "optionalPermissions", "optional_permissions")
_PLACES: Final = frozenset({"network", "filesystem", "process", "database"})
"""Resources whose lists hold addresses, paths, programs and tables, which is no name that a call is given as it is."""
_REGISTERS: Final = frozenset({"register", "add", "provide", "define", "handle"})
_SIGNS: Final = frozenset("./:-_*")
_MOST: Final = 500


class Asked(Fact, frozen=True):
    """One call of a service of the context with a name: ``context.commands.execute("ledger.append")``."""

    service: str
    method: str
    name: str
    at: Location


class _OfModule(Fact, frozen=True):
    asked: list[Asked] = field(default_factory=list)


def _draw(_inquiry: Inquiry, module: Module) -> _OfModule | None:
    if is_tooling(module.path):
        return None
    found = _OfModule()
    for call in module.all(Call):
        parts = module.resolve(call.callee).split(".") if call.args else []
        if len(parts) != 3 or parts[0] != "context" or len(found.asked) >= _MOST:
            continue
        name = fixed_text(module, call.args[0])
        if name:
            found.asked.append(Asked(parts[1], parts[2], name, locate(module, call)))
    return found if found.asked else None


_ASKED: Final = Drawn("grants.asked", _draw, _OfModule, tests=False)


@subject_check("SEC450")
def outside_its_grant(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the names in calls of a service against those that the manifest asks for."""
    table = permission_table(inquiry.subject.ecosystem)
    if inquiry.manifest is None or table is None or inquiry.subject.kind != "plugin":
        return
    lists = dict(_lists(inquiry, table))
    if not lists:
        return
    calls = [one for part in _ASKED.of(inquiry) for one in part.asked]
    own = {one.name for one in calls if one.method in _REGISTERS}
    spoken: set[tuple[str, str]] = set()
    for one in calls:
        resource = table.resource(one.service)
        action = table.needed(one.service, one.method).partition(".")[2] or one.method
        granted = lists.get((resource, one.method)) or lists.get((resource, action))
        if granted is None or one.name in own or (resource, one.name) in spoken or one.method in _REGISTERS:
            continue
        value, names = granted
        if any(fnmatchcase(one.name, name) or one.name.startswith(f"{name.rstrip('/')}/") for name in names):
            continue
        spoken.add((resource, one.name))
        listed = ", ".join(f"'{name}'" for name in names[:4])
        yield Match(
            one.at,
            f"'{one.name}' is none of what the manifest asks for under '{one.service}.{one.method}' ({listed}): the "
            "host refuses the call, or runs it although nobody granted it.",
            related=((value, "what is asked for"),),
        )


def _lists(inquiry: Inquiry, table: PermissionTable) -> Iterator[tuple[tuple[str, str], tuple[Value, list[str]]]]:
    """Yield the names that the manifest asks for, by service and method: ``{"commands": {"execute": ["a.b"]}}``."""
    for at in _FIELDS:
        asked = inquiry.manifest.get(at) if inquiry.manifest is not None else None
        for service, actions in asked.members() if asked is not None else ():
            resource = table.resource(service)
            if resource in _PLACES:
                continue
            for action, value in actions.members():
                names = [item.text for item in value.items()]
                if names and all(names) and any(_SIGNS & set(name) for name in names):
                    yield (resource, action), (value, names)
