"""SEC041: a manifest that asks for a part of the events, or for some topics, and code that uses others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, strip
from reviewer.experts.check import Match, subject_check
from reviewer.experts.permission_use import picture
from reviewer.experts.place import locate
from reviewer.subject.ecosystem import GENERIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry
    from reviewer.experts.permission_asked import Declared

_BUSES: Final = frozenset({"eventBus", "event_bus", "events", "bus", "event"})
_TELLS: Final = frozenset({"emit", "publish", "send", "write", "dispatch", "post", "fire"})
_HEARS: Final = frozenset({"on", "once", "subscribe", "listen", "read", "receive", "hear"})
_ANY: Final = frozenset("*#>")


@subject_check("SEC041")
def event_undeclared(inquiry: Inquiry) -> Iterator[Match]:
    """Hold each use of the event bus against what the manifest asks for, where that speaks of events at all."""
    if inquiry.subject.kind != "plugin" or inquiry.subject.ecosystem != GENERIC or inquiry.manifest is None:
        return
    asked = [one for one in picture(inquiry).declared if one.permission.partition(".")[0] in _BUSES]
    words = {one.permission.partition(".")[2] for one in asked}
    if not asked or not words <= _TELLS | _HEARS:
        return
    told: set[str] = set()
    for module in inquiry.project.modules(tests=False):
        for call in module.calls(_TELLS | _HEARS):
            kind = _TELLS if call.name in _TELLS else _HEARS
            lacks = _lacks(module, call, [one for one in asked if one.permission.partition(".")[2] in kind])
            if lacks is None or lacks in told or not _of_bus(module, call):
                continue
            told.add(lacks)
            verb = "emits" if kind is _TELLS else "listens to"
            what = f"'{lacks}'" if lacks else "events"
            yield Match(
                locate(module, call),
                f"The code {verb} {what}, and what the manifest asks for of the events does not have that.",
                related=((asked[0].at, "what the manifest asks for"),),
            )


def ways_of_events(permission: str) -> frozenset[str]:
    """Return the methods by which code uses one action of the events; empty where it is another thing."""
    resource, _dot, action = permission.partition(".")
    if resource not in _BUSES:
        return frozenset()
    return _TELLS if action in _TELLS else _HEARS if action in _HEARS else frozenset()


def _of_bus(module: Module, call: Call) -> bool:
    """Tell whether a call is one of the event bus of the context: ``context.eventBus.emit``."""
    name = module.resolve(call.callee)
    parts = name.removeprefix("this.").lstrip("_#").split(".")
    return len(parts) == len(("context", "bus", "verb")) and parts[0] in ("context", "ctx") and parts[1] in _BUSES


def _lacks(module: Module, call: Call, asked: list[Declared]) -> str | None:
    """Return the topic that a call uses and nobody asked for, or nothing where no such use was asked for; else None."""
    given = module.scopes.origin(call.args[0]) if call.args else None
    held = strip(given) if given is not None and isinstance(given, Literal) else None
    topic = held.value if isinstance(held, Literal) and isinstance(held.value, str) else ""
    if not asked:
        return topic
    topics = [item.text for one in asked for item in one.at.items()]
    if not topic or not topics or any(not list(one.at.items()) for one in asked):
        return None
    if topic in topics or any(not _ANY.isdisjoint(one) for one in topics):
        return None
    return topic
