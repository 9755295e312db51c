"""COM561: a plugin that puts its id in front of its names leaves it out at one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.named_commands import named_commands
from reviewer.experts.communication.named_events import named_events
from reviewer.experts.python_package.entry_points import SCRIPTS, entry_points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_SEPARATORS: Final = (".", ":", "/")
_MOST: Final = 200


@subject_check("COM561")
def name_without_namespace(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the names of the events that a plugin sends and the commands that it registers against each other."""
    own = _own_id(inquiry)
    if not own or inquiry.subject.kind != "plugin":
        return
    commands, events = named_commands(inquiry), named_events(inquiry)
    names: list[tuple[str, str, Location]] = [("command", name, use.at) for name, use in commands.registered.items()]
    names += [("event", name, use.at) for name, uses in events.sent.items() for use in uses[:1]]
    bare = [one for one in names[:_MOST] if not _is_parted(one[1])]
    invoked = {use.name for use in commands.invoked}
    pattern = next((name for _what, name, _at in names if _is_of(name, own)), "") or _of_needed(inquiry, invoked)
    others = "" if any(not _is_parted(name) for name in events.heard) else next(iter(events.heard), "")
    for what, name, at in bare:
        if name in commands.declared or name in events.heard or not (pattern or (others and what == "event")):
            continue
        yield Match(
            at,
            f"The {what} '{name}' says nothing of whose it is, as '{pattern or others}' does: in the one list of all "
            "plugins it is taken for, or runs into, the same name of another.",
        )
    own_names = [one for what, one, _at in names if what == "command" and _is_of(one, own)]
    for what, name, at in names[:_MOST]:
        if what == "command" and own_names and _is_of_another(inquiry, name, own):
            yield Match(
                at,
                f"The command '{name}' stands under '{name[: _end(name)]}', which is not of this plugin, unlike "
                f"'{own_names[0]}': it takes the place of a command of whoever that name belongs to, or is refused.",
            )


def _own_id(inquiry: Inquiry) -> str:
    """Return the id of a plugin: what its manifest says, or the name of its one entry point in a Python package."""
    said = inquiry.manifest.get("id") if inquiry.manifest is not None else None
    if said is not None and said.text:
        return said.text
    entries = {one.name for one in entry_points(inquiry) if one.group not in SCRIPTS}
    return next(iter(entries)) if len(entries) == 1 else ""


def _end(name: str) -> int:
    """Return where the first part of a name ends."""
    return min(name.index(mark) for mark in _SEPARATORS if mark in name)


def _is_of_another(inquiry: Inquiry, name: str, own: str) -> bool:
    """Tell whether the first part of a name says nothing that the plugin's id, name or publisher says."""
    if not _is_parted(name) or _is_of(name, own):
        return False
    first = set(words(name[: _end(name)]))
    said = set(words(own))
    for key in ("name", "publisher", "displayName"):
        value = inquiry.manifest.get(key) if inquiry.manifest is not None else None
        said |= set(words(value.text)) if value is not None and value.text else set()
    return bool(first) and not first & said


def _is_parted(name: str) -> bool:
    return any(mark in name for mark in _SEPARATORS)


def _is_of(name: str, own: str) -> bool:
    """Tell whether a name begins with the id of a plugin, or with the last part of it."""
    last = own.replace("/", ".").rpartition(".")[2]
    return any(name.startswith(f"{whose}{mark}") for whose in (own, last) for mark in _SEPARATORS)


def _of_needed(inquiry: Inquiry, invoked: set[str]) -> str:
    """Return a command of another plugin that is run by the id of that one: then the host puts no id in front."""
    needed = inquiry.manifest.get("dependencies") if inquiry.manifest is not None else None
    others = [key for key, _value in needed.members()] if needed is not None and needed.kind == "object" else []
    return next((name for name in sorted(invoked) for other in others if _is_of(name, other)), "")
