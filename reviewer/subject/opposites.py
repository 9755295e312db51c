"""Verbs of which one undoes the other, in the words that hosts have for waking a plugin and putting it to rest."""

from __future__ import annotations

from typing import Final

_BEGINNINGS: Final = ("un", "de", "dis", "off", "out")
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
        "stepin/stepout turnon/turnoff live/die born/die dock/cast tune/mute arm/stand warm/cool wake/sleep "
        "awaken/sleep light/darken light/quench ignite/quench moor/castoff dock/castoff mount/strike hoist/lower "
        "hoist/strike launch/land launch/recall summon/banish summon/dismiss invite/dismiss lift/lower sow/reap "
        "unfurl/furl brighten/dim fill/drain prime/drain settle/leave arrive/leave open/shut rise/sink"
    ).split()
)
"""Verbs of which the second undoes the first, flat."""
_OF_OTHER_THINGS: Final = frozenset(
    "lock subscribe register pack serialize serialise code compress link zip escape queue select check focus mark "
    "mute pin stage set do hide bind follow block cover archive wrap tag freeze publish connect quote fold".split()
)
"""Verbs that have an opposite with the same beginning, and are hardly the waking of a plugin."""


_SIDES: Final = (("on", "off"), ("in", "out"), ("up", "down"))
_AT_A_DOOR: Final = frozenset(
    {"login", "signin", "logon", "signon", "zoomin", "fadein", "scaleup", "scrollup", "moveup"}
)
"""Verbs with a side that wake nobody."""
_SHORT: Final = 3


def undoes(begin: str, end: str) -> bool:
    """Tell whether the second of two flat names turns the first round, as the end of a plugin does its beginning."""
    if begin in _OF_OTHER_THINGS:
        return False
    if begin.startswith("on") and len(begin) > _SHORT and end == "off" + begin[2:]:
        return True  # on_duty, off_duty
    if any(
        begin.endswith(on) and end == begin.removesuffix(on) + off and begin not in _AT_A_DOOR for on, off in _SIDES
    ):
        return len(begin) > _SHORT  # power_on, power_off
    return (begin, end) in _OPPOSITES or any(end == beginning + begin for beginning in _BEGINNINGS)
