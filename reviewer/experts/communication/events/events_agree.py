"""COM013: somebody listens to an event under a name that is nearly, but not quite, the one that is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import nearest
from reviewer.experts.communication.named_events import named_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_MOST: Final = 200
_JOKERS: Final = frozenset("*+#")
"""Characters that stand for any name, or any part of one."""
_ROLES: Final = {
    "emits": ("emits", "emitted", "publishes", "sends", "produces"),
    "handles": ("handles", "handled", "listens", "listensTo", "subscribes", "subscriptions", "consumes"),
}
"""Members of a manifest that list events, by what the plugin does with them."""
_ENDINGS: Final = frozenset({"ed", "d", "s", "es", "ing", "er"})
"""How words end that tell of the same at another time, or of several."""


@subject_check("COM013")
def event_never_sent(inquiry: Inquiry) -> Iterator[Match]:
    """Hold each name that is listened to against those that are sent."""
    found = named_events(inquiry)
    unsent = [name for name in found.heard if name not in found.sent and _JOKERS.isdisjoint(name)][:_MOST]
    patterns = any(not _JOKERS.isdisjoint(name) for name in found.heard)
    unheard = [name for name in found.sent if name not in found.heard and not patterns][:_MOST]
    for name in unsent:
        meant = nearest(name, unheard)
        if not meant:
            continue
        for use in found.heard[name]:
            yield Match(
                use.at,
                f"'{name}' is listened to, and nothing in this subject sends it; what is sent is '{meant}', to which "
                "nobody listens.",
                related=((found.sent[meant][0].at, "sent here"),),
                confidence=Confidence.POSSIBLE if inquiry.subject.kind != "host" and _may_be_two(name, meant) else None,
            )


@subject_check("COM013")
def event_declared_otherwise(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the names that a plugin sends and listens to against those that its manifest declares."""
    if inquiry.manifest is None:
        return
    found = named_events(inquiry)
    for role, used, does in (("emits", found.sent, "sent"), ("handles", found.heard, "listened to")):
        declared = _declared(inquiry.manifest.root, role, generic=inquiry.subject.ecosystem == "generic")
        idle = [name for name in declared if name not in used]
        new = [name for name in used if name not in declared and used[name]]
        for name in new:
            uses = used[name]
            meant = nearest(name, idle) or _only_one_left(name, idle, new)
            if meant:
                yield Match(
                    uses[0].at,
                    f"'{name}' is {does} here, and the manifest declares '{meant}', which no code has: whoever goes by "
                    "the manifest waits for another name.",
                    related=((declared[meant], "declared here"),),
                    confidence=None if _alike(name, meant) or _only_one_left(name, idle, new) else Confidence.POSSIBLE,
                )
            elif declared:
                yield Match(
                    uses[0].at,
                    f"'{name}' is {does} here, and the manifest, which lists what the plugin {role}, does not name it: "
                    "who goes by the manifest does not know of it.",
                    related=((next(iter(declared.values())), "the list of the manifest"),),
                    confidence=None if role == "emits" else Confidence.POSSIBLE,  # every host sends events of its own
                )


def _declared(manifest: Value, role: str, *, generic: bool) -> dict[str, Value]:
    """Return the names that a manifest lists as sent or as listened to, with where they stand.

    They stand under ``contributes``, alone or beside the other contributions, or in the manifest itself.
    """
    places = [("contributes", "events"), ("contributes",), *([("events",), ()] if generic else [])]
    for place in places:
        held = manifest.get(*place)
        for word in _ROLES[role] if held is not None and held.kind == "object" else ():
            listed = held.get(word) if held is not None else None
            if listed is None:
                continue
            if listed.kind == "object":
                return dict(listed.members())  # each with its schema
            named = [(_name(item), item) for item in listed.items()]
            if any(name for name, _item in named):
                return {name: item for name, item in named if name}
    return {}


def _name(item: Value) -> str:
    named = next((held for key in ("name", "event", "id", "type") if (held := item.get(key)) is not None), None)
    return item.text or (named.text if named is not None else "") or ""


def _only_one_left(name: str, idle: list[str], new: list[str]) -> str:
    """Return the one declared name that no code has, where this is the one of its namespace that is not declared."""
    space = name.rpartition(".")[0]
    left = [one for one in idle if one.rpartition(".")[0] == space]
    mine = [one for one in new if one.rpartition(".")[0] == space]
    return left[0] if space and len(left) == len(mine) == 1 else ""


def _may_be_two(one: str, other: str) -> bool:
    """Tell whether two names may be two events: the second tells that what the first asks for is done, or is a plural.

    ``note.save`` is the host's, and ``note.saved`` the plugin's own.
    """
    first, second = words(one), words(other)
    return len(first) != len(second) or any(
        _inflected(*sorted(pair, key=len)) for pair in zip(first, second, strict=True)
    )


def _inflected(short: str, long: str) -> bool:
    """Tell whether one word is another at another time, or of several: ``save`` and ``saved``."""
    stem = short.removesuffix("e")
    return len(stem) > 1 and short != long and long.startswith(stem) and long[len(stem) :] in _ENDINGS


def _alike(one: str, other: str) -> bool:
    """Tell whether two names differ only in case and separators."""
    return [c for c in one.lower() if c.isalnum()] == [c for c in other.lower() if c.isalnum()]
