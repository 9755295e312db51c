"""LIF182: an object that runs by itself is let go at the end of its owner, and nobody stops it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.reach.links import class_of_value
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Function, Literal, Member, Node, While, strip
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.acquired import describe
from reviewer.experts.lifecycle.owners import is_end, members_of, owners
from reviewer.experts.lifecycle.targets import target_function

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.lifecycle.owners import Owner

_STOPS: Final = frozenset("stop close dispose destroy end cancel halt shutdown terminate pause quit clear".split())
_RUNS: Final = frozenset({"timer", "resource", "task"})


@module_check("LIF182", words={"start", "new", "run", "open", "watch", "activate", "load", "enable"})
def helper_left_running(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each owner makes of the subject's own running things for a stop at its end."""
    if module.is_test:
        return
    for owner in owners(inquiry, module):
        if not owner.ends or not owner.closed or not isinstance(owner.at, Class):
            continue
        told: set[str] = set()
        for assign in [one for node in owner.nodes for one in find(node, Assign)]:
            helper = _helper(module, assign)
            if helper is None or not isinstance(assign.target, Member) or assign.target.name in told:
                continue
            name = assign.target.name
            told.add(name)
            stop = _stop(helper)
            started = _runs(owner, helper, name)
            if stop is None or started is None or _spoken_of(owner, name) or _left_to_others(owner, name, stop):
                continue
            yield Match(
                _end_place(owner, name) or assign,
                f"'{name}' runs by itself since '{started.name}', and the end of {owner.name or 'its owner'} never "
                f"calls its '{stop.name}': it goes on working for something that is gone.",
                related=((assign, "made here"), (started, "what it starts"))
                if started.module is module
                else ((assign, "made here"),),
            )


def _helper(module: Module, assign: Assign) -> Class | None:
    """Return the class of the subject of which a field is given a new instance."""
    value = strip(assign.value) if assign.value is not None else None
    if not is_this_member(assign.target) or not isinstance(value, Call):
        return None
    made = class_of_value(module, value)
    return made if made is not None and made.kind == "class" else None


def _stop(helper: Class) -> Function | None:
    """Return the method that stops a helper: its name says so, and it needs nothing."""
    return next((one for one in members_of(helper) if flat(one.name) in _STOPS and not one.params), None)


def _runs(owner: Owner, helper: Class, name: str) -> Function | None:
    """Return the method of a helper that starts something lasting, and that its owner calls or its making runs."""
    called = {
        call.name
        for node in owner.nodes
        for call in calls_in(node)
        if isinstance(held := strip(call.receiver) if call.receiver is not None else None, Member) and held.name == name
    }
    for method in helper.methods:
        if is_end(method.name) or (method.kind != "constructor" and method.name not in called):
            continue
        for call in calls_in(method.body, into_functions=False):
            found = describe(helper.module, call)
            if (found is not None and found[0] in _RUNS and found[2]) or _loops(helper.module, call):
                return method
    return None


def _loops(module: Module, call: Call) -> bool:
    """Tell whether a call begins a thread or a task that goes round and round until it is told to stop."""
    if module.resolve(call.callee) == "threading.Thread":
        work = target_function(module, call.keywords.get("target"))
    elif call.name in ("create_task", "ensure_future") and call.args:
        begun = strip(call.args[0])
        work = target_function(module, begun.callee) if isinstance(begun, Call) else None
    else:
        return False
    return work is not None and next(find(work.body, While), None) is not None


def _spoken_of(owner: Owner, name: str) -> bool:
    """Tell whether an end does anything with a field but to empty it or to ask whether it is there."""
    for function in owner.reached:
        for member in find(function.body, Member):
            if member.name == name and is_this_member(member) and not _emptied(member):
                return True
    return False


def _left_to_others(owner: Owner, name: str, stop: Function) -> bool:
    """Tell whether a helper, or its stop, is handed to somebody: a list of what is to be undone, most likely."""
    for member in [one for node in owner.nodes for one in find(node, Member)]:
        if member.name != name or not is_this_member(member):
            continue
        around = member.parent
        if isinstance(around, Member) and around.object is member and around.name == stop.name:
            return True
        if isinstance(around, Call) and around.callee is not member:
            return True
    return False


def _emptied(member: Member) -> bool:
    around = member.parent
    if not isinstance(around, Assign) or around.target is not member or around.value is None:
        return False
    value = strip(around.value)
    return isinstance(value, Literal) and value.value is None


def _end_place(owner: Owner, name: str) -> Node | None:
    """Return where the end lets a helper go, or the end itself."""
    for function in owner.reached:
        for assign in find(function.body, Assign):
            if isinstance(assign.target, Member) and assign.target.name == name and _emptied(assign.target):
                return assign
    return owner.ends[0]
