"""LIF187: a changed setting is written down, and what runs by it goes on with the old one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Function, Member
from reviewer.code.walk import ancestors, calls_in, find
from reviewer.code.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_CHANGES: Final = frozenset(
    "configure reconfigure onconfigchanged onconfigchange onsettingschanged onconfigurationchanged updateconfig "
    "updatesettings applyconfig applysettings configchanged settingschanged setconfig setoptions".split()
)
_RUNS: Final = word_set("start run schedule begin every repeat poll watch")
_TIMERS: Final = frozenset({"setInterval", "setTimeout", "call_later"})
_PERIODS: Final = word_set("interval minutes seconds period every poll ms millis delay hours frequency rate schedule")


@module_check("LIF187", words={"configure", "reconfigure", "config", "settings"})
def setting_not_applied(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each hook for changed settings for what becomes of a period that something runs by."""
    if module.is_test:
        return
    for cls in module.classes:
        if cls.kind != "class":
            continue
        for method in cls.methods:
            if flat(method.name) not in _CHANGES or method.signature_only:
                continue
            for assign in find(method.body, Assign):
                target = assign.target
                if isinstance(target, Member) and is_this_member(target) and set(words(target.name)) & _PERIODS:
                    started = _only_at_start(cls, method, target.name)
                    if started is not None:
                        yield Match(
                            assign,
                            f"'{method.name}' only writes '{target.name}' down: what '{started.name}' was given it for "
                            "runs on with the old value until the plugin is started anew.",
                            related=((started, "read only here"),),
                        )
                        break


def _only_at_start(cls: Class, hook: Function, name: str) -> Call | None:
    """Return the call that starts something with a field, where nothing else ever reads the field."""
    starts: list[Call] = []
    for member in find(cls, Member):
        if member.name != name or not is_this_member(member) or _is_set(member):
            continue
        start = next((one for one in ancestors(member) if isinstance(one, Call)), None)
        if start is None or not (set(words(start.name)[:1]) & _RUNS or start.name in _TIMERS):
            return None
        starts.append(start)
    inside = {id(call) for call in calls_in(hook.body)}
    called = {call.name for call in calls_in(hook.body)}
    if len(starts) != 1 or id(starts[0]) in inside:
        return None
    home = next((one for one in ancestors(starts[0]) if isinstance(one, Function) and one.owner is cls), None)
    return None if home is None or home.name in called else starts[0]


def _is_set(member: Member) -> bool:
    around = member.parent
    return isinstance(around, Assign) and around.target is member
