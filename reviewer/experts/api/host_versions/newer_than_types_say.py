"""API452: a member of the context that, by the plugin's own types, came later than the oldest host of its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_context_type
from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, Index, Member, Name
from reviewer.code.walk import find, function_of
from reviewer.experts.api.host_versions.host_range import PLAIN, bounds
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.interface.notes import added_in
from reviewer.experts.place import locate
from reviewer.experts.semver import Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Node
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_SPEAKS: Final = frozenset({"since", "versionadded", "added", "available"})


@subject_check("API452")
def newer_than_types_say(inquiry: Inquiry) -> Iterator[Match]:
    """Hold what the types of the context say about versions against the oldest host that the manifest promises."""
    oldest = _oldest(inquiry)
    if oldest is None:
        return
    value, floor = oldest
    late: dict[str, tuple[str, Location]] = {}
    for module in inquiry.project.modules(naming=_SPEAKS, tests=False):
        for cls in module.classes:
            if _is_context(cls):
                late.update(_later(module, cls, floor))
    places = {name: place for name in late if (place := _first_use(inquiry, name)) is not None}
    if places:
        name = min(places, key=lambda one: (_version(late[one][0]), one))
        more = [other for other in places if other != name]
        yield Match(
            value,
            f"The plugin uses '{name}' of the context, which exists since {late[name][0]}, and says that it runs on "
            f"hosts from {value.text}: there it fails in the middle of its activation.",
            related=(
                (places[name], f"'{name}' is used here"),
                (late[name][1], f"since {late[name][0]}"),
                *((places[other], f"'{other}', since {late[other][0]}") for other in more[:3]),
            ),
        )


def _oldest(inquiry: Inquiry) -> tuple[Value, Version] | None:
    """Return the oldest host of the manifest, where it is one version by itself."""
    if inquiry.manifest is None or inquiry.subject.kind != "plugin":
        return None
    for _name, value in bounds(inquiry.manifest.root.members()).lower:
        floor = _version(value.text) if found(PLAIN, value.text) else None
        if floor is not None:
            return value, floor
    return None


def _version(text: str) -> Version:
    return Version.coerce(text.strip().lstrip("vV="))


def _is_context(cls: Class) -> bool:
    return cls.kind in ("interface", "type") and is_context_type(cls.name)


def _later(module: Module, cls: Class, floor: Version) -> Iterator[tuple[str, tuple[str, Location]]]:
    members: list[tuple[str, Node]] = [(one.name, one) for one in cls.fields if not one.optional]
    members += [(one.name, one) for one in cls.methods]
    for name, member in members:
        since = added_in(module, member)
        if since and _version(since) > floor:
            yield name, (since, locate(module, member))


def _first_use(inquiry: Inquiry, name: str) -> Location | None:
    """Return where a member of the context is used first, unless code asks somewhere whether it is there."""
    first: Location | None = None
    for module in inquiry.project.modules(naming={name}, tests=False):
        for member in module.all(Member):
            if member.name == name and module.resolve(member.object) == "context":
                if _asks(member):
                    return None
                first = first or locate(module, member)
        for function in module.functions:
            for param in function.params:
                local = param.fields.get(name, "")
                uses = [one for one in find(function, Name) if local and one.id == local]
                if any(module.resolve(one) == f"context.{name}" for one in uses):
                    if any(not isinstance(one.parent, Member | Call) or one.parent.optional for one in uses):
                        return None
                    first = first or locate(module, param)
    return first


def _asks(member: Member) -> bool:
    """Tell whether code is ready for a host without the member."""
    parent = member.parent
    if getattr(parent, "optional", False) or isinstance(parent, Binary):
        return True
    if isinstance(parent, Assign) and isinstance(parent.target, Name):
        function, held = function_of(member), parent.target.id
        uses = find(function.body, Name) if function is not None else ()
        return any(one.id == held and getattr(one.parent, "optional", False) for one in uses)
    return any(
        other.name == member.name for one in conditions(member) for other in find(one.test, Member)
    ) or isinstance(parent, Index)
