"""Members of an interface that undo each other by their names: what wakes a plugin and what puts it to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.syntax import Class

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function

_UNDOING: Final = ("un", "de", "dis", "off", "out")
"""Beginnings that turn a verb round: ``fit`` and ``unfit``, ``engage`` and ``disengage``."""
_OPPOSITES: Final = frozenset(
    tuple(pair.split("/"))
    for pair in (
        "enter/leave enter/exit join/leave join/part arrive/depart board/disembark grow/wither bloom/wilt "
        "sprout/wither plant/uproot plant/harvest rise/fall light/douse light/extinguish kindle/quench hatch/perish "
        "open/close begin/end begin/finish come/go hire/dismiss hire/fire appoint/dismiss adopt/abandon "
        "assemble/dismantle build/demolish raise/lower attach/remove place/remove admit/expel admit/discharge "
        "welcome/farewell hello/goodbye greet/dismiss wake/rest rouse/settle take/yield enlist/discharge "
        "commission/decommission clockin/clockout checkin/checkout plugin/plugout switchon/switchoff goin/goout "
        "stepin/stepout turnon/turnoff live/die born/die dock/cast tune/mute arm/stand warm/cool"
    ).split()
)
"""Verbs of which the second undoes the first, flat."""
_OF_OTHER_THINGS: Final = frozenset(
    "lock subscribe register pack serialize serialise code compress link zip escape queue select check focus mark "
    "mute pin stage set do hide bind follow block cover archive wrap tag freeze publish connect quote fold".split()
)
"""Verbs that have an opposite with the same beginning, and are hardly the waking of a plugin."""
_NOTHING: Final = frozenset(
    {"", "None", "Awaitable[None]", "void", "Promise<void>", "void | Promise<void>", "Promise<void> | void"}
)


def interfaces(module: Module) -> list[Class]:
    """Return the interfaces and protocols that a module declares or imports from the subject."""
    found = [cls for cls in module.classes if cls.kind == "interface"]
    project = module.project
    if project is not None:
        for imported in module.imports:
            target = project.definition(module, imported)
            if isinstance(target, Class) and target.kind == "interface":
                found.append(target)
    return found


def opposite_hooks(cls: Class) -> tuple[str, str] | None:
    """Return the members of an interface that wake an instance with something and put it to rest, or None."""
    waking = [m for m in cls.methods if m.params and not answers(cls, m.name)]
    resting = [m for m in cls.methods if not m.params and not answers(cls, m.name)]
    for start in waking:
        for stop in resting:
            if _undoes(start, stop):
                return start.name, stop.name
    return None


def answers(cls: Class, name: str) -> bool:
    """Tell whether a member of an interface gives something back, as a hook hardly does."""
    member = next((method for method in cls.methods if method.name == name), None)
    return member is None or member.returns.strip("'\" ") not in _NOTHING


def _undoes(start: Function, stop: Function) -> bool:
    begin, end = flat(start.name), flat(stop.name)
    if begin in _OF_OTHER_THINGS:
        return False
    return (begin, end) in _OPPOSITES or any(end == undoing + begin for undoing in _UNDOING)
