"""What a host begins for each plugin that it wakes, and can't end any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Member, Name, Param, strip
from reviewer.code.walk import calls_in, find, function_of, inside, names_in
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.holding.acquired import describe
from reviewer.experts.lifecycle.holding.acquisition import Acquisition
from reviewer.experts.lifecycle.holding.fate import DROPPED, Fate, fates
from reviewer.experts.lifecycle.holding.owners import Owner
from reviewer.experts.lifecycle.hooks.hooks import hook_uses

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.lifecycle.holding.acquired import Kind

_FOR_EACH: Final = frozenset({"setInterval()", "the file watcher"})
"""What a host begins for a plugin and has to end with it, whatever the plugin does."""
_ENTERS: Final = frozenset({"set", "add", "push", "register", "put", "insert", "enter"})
_TAKES: Final = frozenset({"delete", "remove", "splice", "unregister", "take", "drop", "pop"})


def host_leaks(inquiry: Inquiry, module: Module) -> Iterator[Acquisition]:
    """Yield what is begun for one plugin and kept nowhere, or where nobody looks, so that no end can stop it."""
    uses = hook_uses(inquiry, module)
    begins = [outermost(use.site) for use in uses if use.kind == "start"]
    ends = [f for use in uses if use.kind == "stop" for f in [outermost(use.site)] if f is not None and f not in begins]
    seen: set[int] = set()
    for start in begins if ends else ():
        if start is None or id(start) in seen:
            continue
        seen.add(id(start))
        for call in calls_in(start.body):
            what = _lasting(module, call) if outermost(call) is start else ""
            if not what:
                continue
            owner = Owner(start, "the plugin", start, ends, [start], plugin=False, closed=True)
            fate = DROPPED if fates(module, call) == [DROPPED] else _unread(inquiry, module, call)
            if fate is not None:
                kind: Kind = "timer" if what == "setInterval()" else "resource"
                yield Acquisition(kind, call, what, owner, fate, sure=True)
    yield from _for_callers(module, seen)
    yield from _for_entries(module, seen)


def _lasting(module: Module, call: Call) -> str:
    described = describe(module, call)
    return described[1] if described is not None and described[1] in _FOR_EACH else ""


def kept_in(call: Call) -> Member | None:
    """Return the field that a call's value is put into: ``seat.retry`` of ``seat.retry = setTimeout(…)``."""
    assign = call.parent
    if not isinstance(assign, Assign) or assign.value is not call or assign.op != "=":
        return None
    target = strip(assign.target)
    return target if isinstance(target, Member) else None


def is_read(inquiry: Inquiry, module: Module, name: str) -> bool:
    """Tell whether a field of this name is looked at anywhere, and not only written."""
    if any(
        member.name == name and not (isinstance(member.parent, Assign) and member.parent.target is member)
        for member in module.all(Member)
    ):
        return True
    return any(path != module.path for path in inquiry.project.paths({name}, tests=False))


def _unread(inquiry: Inquiry, module: Module, call: Call) -> Fate | None:
    """Return where a handle is kept in an entry of the host's that nobody ever reads it from."""
    place = kept_in(call)
    if place is None or is_this_member(place) or is_read(inquiry, module, place.name):
        return None
    return Fate("kept", module.text_of(place), call.parent)


def _for_callers(module: Module, seen: set[int]) -> Iterator[Acquisition]:
    """Yield the intervals that run what a caller hands in, and whose handle nobody has."""
    for call in module.calls(("setInterval",)):
        function = function_of(call)
        if _lasting(module, call) != "setInterval()" or function is None or id(outermost(call)) in seen:
            continue
        if is_starter(function.name) or function.kind == "constructor" or fates(module, call) != [DROPPED]:
            continue
        if _runs_given(module, call, function):
            owner = Owner(function, "", function, [], [function], plugin=False, closed=True)
            yield Acquisition("timer", call, "setInterval()", owner, DROPPED, sure=True)


def _runs_given(module: Module, call: Call, function: Function) -> bool:
    """Tell whether the work of a timer is, or calls, a function that was handed to the function around it."""
    work = strip(call.args[0]) if call.args else None
    names = [work] if isinstance(work, Name) else []
    if isinstance(work, Function):
        names = [made.callee for made in calls_in(work.body) if isinstance(made.callee, Name)]
    return any(
        isinstance(binding, Param) and binding.parent is function
        for name in names
        for binding in module.scopes.lookup(name.id, name)
    ) and not any(other.name == "clearInterval" for other in find(function.body, Call))


def _for_entries(module: Module, seen: set[int]) -> Iterator[Acquisition]:
    """Yield the intervals that run what the host enters and takes out again, and whose handle is thrown away.

    ``poll(driver)`` gives what ``setInterval(() => driver.poll())`` gives, and who enters the driver drops it.
    """
    for interval in module.calls(("setInterval",)):
        helper = function_of(interval)
        if helper is None or _lasting(module, interval) != "setInterval()":
            continue
        worked = _worked_on(module, interval, helper)
        if not worked:
            continue
        if fates(module, interval) == [DROPPED]:
            told = id(outermost(interval)) in seen or _runs_given(module, interval, helper)
            end = _taken_out_by(module, helper, worked) if not told else None
            if end is not None and not any(one.name == "clearInterval" for one in find(helper.body, Call)):
                yield _dropped_by(helper, interval, "setInterval()", end)
        elif helper.name and _gives_handle(helper, interval):
            for call in module.calls((helper.name,)):
                caller = function_of(call)
                if caller is None or use_of(call).how != "dropped" or definition(module, call.callee) is not helper:
                    continue
                runs = [call.arg(at, one.name) for at, one in enumerate(helper.params) if one.name in worked]
                given = {one.id for one in runs if isinstance(one, Name)} & {one.name for one in caller.params}
                end = _taken_out_by(module, caller, given)
                if end is not None:
                    yield _dropped_by(caller, call, f"setInterval() of '{helper.name}'", end)


def _dropped_by(caller: Function, call: Call, what: str, end: Function) -> Acquisition:
    owner = Owner(caller, "the plugin", caller, [end], [caller], plugin=False, closed=True)
    return Acquisition("timer", call, what, owner, DROPPED, sure=True)


def _gives_handle(helper: Function, interval: Call) -> bool:
    """Tell whether a function gives back the handle of an interval that it leaves running, or what clears it."""
    use = use_of(interval)
    clears = [one for one in find(helper.body, Call) if one.name == "clearInterval"]
    if use.how == "returned":
        return not clears
    if use.how != "assigned" or not isinstance(use.by, Assign) or not isinstance(use.by.target, Name):
        return False
    given = [strip(one.value) for one in returns_of(helper) if one.value is not None]
    held = len(given) == 1 and isinstance(given[0], Name) and given[0].id == use.by.target.id
    undo = len(given) == 1 and isinstance(given[0], Function) and all(inside(one, given[0]) for one in clears)
    return (held and not clears) or (undo and bool(clears))


def _worked_on(module: Module, interval: Call, helper: Function) -> set[str]:
    """Return the parameters of a function that the work of its interval calls, or of which it calls a member."""
    work = strip(interval.args[0]) if interval.args else None
    names = [work] if isinstance(work, Name) else []
    if isinstance(work, Function):
        callees = [strip(made.callee) for made in calls_in(work.body)]
        roots = [strip(one.object) if isinstance(one, Member) else one for one in callees]
        names = [one for one in roots if isinstance(one, Name)]
    return {
        name.id
        for name in names
        for binding in module.scopes.lookup(name.id, name)
        if isinstance(binding, Param) and binding.parent is helper
    }


def _taken_out_by(module: Module, function: Function, names: set[str]) -> Function | None:
    """Return what takes out of a table what a function has entered there under one of these names."""
    entered = [one for one in calls_in(function.body) if one.name in _ENTERS]
    tables = {
        module.text_of(one.receiver)
        for one in entered
        if one.receiver is not None and any(names_in(arg) & names for arg in one.args)
    }
    for call in module.calls(_TAKES) if tables else ():
        end, table = function_of(call), call.receiver
        if end is not None and end is not function and table is not None and module.text_of(table) in tables:
            return end
    return None
