"""LIF187: a changed setting is written down, and what runs by it goes on with the old one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Function, Member, Name
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, class_of, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.fate import home_of
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_CHANGES: Final = frozenset(
    "configure reconfigure onconfigchanged onconfigchange onsettingschanged onconfigurationchanged updateconfig "
    "onsettings onconfig onsettingschange updatesettings "
    "applyconfig applysettings configchanged settingschanged setconfig setoptions".split()
)
_RUNS: Final = word_set("start run schedule begin every repeat poll watch")
_TIMERS: Final = frozenset({"setInterval", "setTimeout", "call_later", "Thread", "Timer"})
_PERIODS: Final = word_set("interval minutes seconds period every poll ms millis delay hours frequency rate schedule")


@module_check("LIF187", words={"configure", "reconfigure", "config", "settings"})
def setting_not_applied(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each hook for changed settings for what becomes of a period that something runs by."""
    if module.is_test:
        return
    for method in module.functions:
        if flat(method.name) not in _CHANGES or method.signature_only:
            continue
        for assign in find(method.body, Assign):
            target = assign.target
            name = target.name if isinstance(target, Member) else target.id if isinstance(target, Name) else ""
            started = _only_at_start(module, method, assign) if set(words(name)) & _PERIODS else None
            if started is not None:
                yield Match(
                    assign,
                    f"'{method.name}' only writes '{name}' down: what '{started.name}' was given it for runs on with "
                    "the old value until the plugin is started anew.",
                    related=((started, "read only here"),),
                )
                break


def _only_at_start(module: Module, hook: Function, assign: Assign) -> Call | None:
    """Return the call that starts something with what is set, where nothing else ever reads it."""
    starts: list[Call] = []
    for use in _uses(module, hook, assign.target):
        if _is_set(use):
            continue
        start = _begins(use)
        if start is None:
            return None
        starts.append(start)
    inside = {id(call) for call in calls_in(hook.body)}
    called = {call.name for call in calls_in(hook.body)}
    if len(starts) != 1 or id(starts[0]) in inside:
        return None
    homes = [one for one in ancestors(starts[0]) if isinstance(one, Function) and one.name]
    return None if not homes or homes[0].name in called else starts[0]


def _uses(module: Module, hook: Function, target: Expr) -> list[Name | Member]:
    """Return where a field of the class, or a variable that the hook shares with other functions, is named."""
    cls = class_of(hook)
    if isinstance(target, Member) and is_this_member(target) and cls is not None:
        return [m for m in find(cls, Member) if m.name == target.name and is_this_member(m)]
    if isinstance(target, Name) and (home := home_of(module, target.id, target)) is not hook:
        return [n for n in module.all(Name) if n.id == target.id and home_of(module, n.id, n) is home]
    return []


def _begins(use: Name | Member) -> Call | None:
    """Return the call that begins something with a value, given as it is or through a variable of the start."""
    around = use.parent
    function = function_of(use)
    if isinstance(around, Assign) and around.value is use and isinstance(around.target, Name) and function is not None:
        copies = [n for n in find(function.body, Name) if n.id == around.target.id and n is not around.target]
        return _begins(copies[0]) if len(copies) == 1 else None
    start = next((one for one in ancestors(use) if isinstance(one, Call)), None)
    begins = start is not None and (bool(set(words(start.name)[:1]) & _RUNS) or start.name in _TIMERS)
    return start if begins else None


def _is_set(member: Name | Member) -> bool:
    around = member.parent
    return isinstance(around, Assign) and around.target is member
