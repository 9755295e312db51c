"""LIF182: an object that runs by itself is let go at the end of its owner, and nobody stops it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.contexts import flat
from reviewer.code.reach.links import class_of_value
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Spread,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.acquired import describe
from reviewer.experts.lifecycle.holding.fate import home_of, only_used
from reviewer.experts.lifecycle.holding.listening import OFFS
from reviewer.experts.lifecycle.holding.owners import is_end, members_of, owners
from reviewer.experts.lifecycle.targets import target_function

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.lifecycle.holding.owners import Owner

_STOPS: Final = frozenset(
    "flush stop close dispose destroy end cancel halt shutdown terminate pause quit clear".split()
)
_RUNS: Final = frozenset({"timer", "resource", "task"})


class _Keeper(Struct, frozen=True):
    """Where an owner keeps a helper: a field, or a variable that the functions of a factory share."""

    name: str
    field: bool
    home: Function | None
    """The function whose variable it is; None for a field and for the top level."""

    def mentions(self, node: Node) -> Iterator[Member | Name]:
        """Yield where code speaks of what is kept."""
        if self.field:
            yield from (one for one in find(node, Member) if one.name == self.name and is_this_member(one))
        else:
            yield from (one for one in find(node, Name) if one.id == self.name)

    def holds(self, expr: Expr | None) -> bool:
        """Tell whether an expression is what is kept."""
        held = strip(expr) if expr is not None else None
        if self.field:
            return isinstance(held, Member) and held.name == self.name
        return isinstance(held, Name) and held.id == self.name


@module_check("LIF182", words={"start", "new", "run", "open", "watch", "activate", "load", "enable"})
def helper_left_running(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each owner makes of the subject's own running things for a stop at its end."""
    if module.is_test:
        return
    told: set[int] = set()
    for owner in owners(inquiry, module):
        if not owner.ends or not owner.closed:
            continue
        for assign in _makings(module, owner):
            helper = _helper(module, assign)
            keeper = _keeper(module, owner, assign) if helper is not None else None
            if helper is None or keeper is None or id(assign) in told:
                continue
            told.add(id(assign))
            stop = _stop(helper)
            started = _runs(owner, helper, keeper, assign) if stop is not None else None
            if (
                stop is None
                or started is None
                or _spoken_of(owner, keeper, helper, stop)
                or _left_to_others(owner, keeper, stop)
            ):
                continue
            told.update(id(other) for other in _makings(module, owner) if _keeper(module, owner, other) == keeper)
            yield Match(
                _end_place(owner, keeper) or assign,
                f"'{keeper.name}' runs by itself since '{started.name}', and the end of {owner.name or 'its owner'} "
                f"never calls its '{stop.name}': it goes on working for something that is gone.",
                related=((assign, "made here"), (started, "what it starts"))
                if started.module is module
                else ((assign, "made here"),),
            )


def _makings(module: Module, owner: Owner) -> list[Assign]:
    """Return the assignments of an owner; those of a plugin's object stand in the function around it, too."""
    if isinstance(owner.at, Class):
        return [one for node in owner.nodes for one in find(node, Assign)]
    return [one for one in module.all(Assign) if isinstance(strip(one.target), Name) and _near(owner, one)]


def _near(owner: Owner, assign: Assign) -> bool:
    return any(inside(assign, node) for node in owner.nodes)


def _keeper(module: Module, owner: Owner, assign: Assign) -> _Keeper | None:
    """Return where an owner keeps what it makes; what only one call of it knows is kept nowhere."""
    target = strip(assign.target)
    if is_this_member(target):
        return _Keeper(target.name, field=True, home=None) if isinstance(owner.at, Class) else None
    if not isinstance(target, Name) or isinstance(owner.at, Class):
        return None
    home = home_of(module, target.id, assign)
    shared = home is None or any(inside(end, home) and end is not home for end in owner.ends)
    return _Keeper(target.id, field=False, home=home) if shared else None


def _helper(module: Module, assign: Assign) -> Class | None:
    """Return the class of the subject of which a field or a variable is given a new instance."""
    value = module.scopes.origin(strip(assign.value)) if assign.value is not None else None
    if not isinstance(value, Call):
        return None
    made = class_of_value(module, value)
    return made if made is not None and made.kind == "class" else None


def _stop(helper: Class) -> Function | None:
    """Return the method that stops a helper: its name says so, and it needs nothing."""
    return next((one for one in members_of(helper) if flat(one.name) in _STOPS and not one.params), None)


def _runs(owner: Owner, helper: Class, keeper: _Keeper, kept: Assign) -> Function | None:
    """Return the method of a helper that starts something lasting, and that its owner calls or its making runs."""
    called = {call.name for node in owner.nodes for call in calls_in(node) if keeper.holds(call.receiver)}
    local, around = strip(kept.value) if kept.value is not None else None, function_of(kept)
    if isinstance(local, Name) and around is not None:
        beside = (call for call in calls_in(around.body) if isinstance(call.receiver, Name))
        called |= {call.name for call in beside if getattr(call.receiver, "id", "") == local.id}
    for method in helper.methods:
        if is_end(method.name) or (method.kind != "constructor" and method.name not in called):
            continue
        for call in calls_in(method.body, into_functions=False):
            found = describe(helper.module, call)
            lasts = found is not None and found[2] and (found[0] in _RUNS or _taken_off(helper, call))
            if lasts or _loops(helper.module, call) or _waits_to_flush(helper, call):
                return method
    return None


def _taken_off(helper: Class, call: Call) -> bool:
    """Tell whether the stop of a helper takes off what it listens to, which shows what the stop is for."""
    if call.receiver is None:
        return False
    event = call.args[0] if call.args else None
    return any(
        other.name in OFFS
        and other.receiver is not None
        and helper.module.text_of(other.receiver) == helper.module.text_of(call.receiver)
        and (not other.args or event is None or helper.module.text_of(other.args[0]) == helper.module.text_of(event))
        for stop in members_of(helper)
        if flat(stop.name) in _STOPS
        for other in calls_in(stop.body)
    )


def _waits_to_flush(helper: Class, call: Call) -> bool:
    """Tell whether work is put off in a helper that can be told to do it at once, as one has to at the end."""
    later = call.name in ("setTimeout", "call_later", "Timer")
    return later and any(flat(one.name) == "flush" and not one.params for one in members_of(helper))


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


def _spoken_of(owner: Owner, keeper: _Keeper, helper: Class, stop: Function) -> bool:
    """Tell whether an end does anything with what is kept but to empty it, to ask whether it is there, or to use it."""
    mentions = [one for function in owner.reached for one in keeper.mentions(function)]
    return any(not _emptied(one) and not only_used(one) and not _asked(one, helper, stop) for one in mentions)


def _asked(mention: Member | Name, helper: Class, stop: Function) -> bool:
    """Tell whether a helper is asked for what it is there for, by a method that does not stop it either."""
    around = mention.parent
    called = around.parent if isinstance(around, Member) and around.object is mention else None
    if not isinstance(around, Member) or not isinstance(called, Call) or called.callee is not around:
        return False
    method = helper.method(around.name)
    if method is None or set(words(around.name)) & _STOPS:
        return False
    return not any(call.name == stop.name for call in calls_in(method.body))


def _left_to_others(owner: Owner, keeper: _Keeper, stop: Function) -> bool:
    """Tell whether a helper, or its stop, is handed to somebody: a list of what is to be undone, most likely."""
    for mention in [one for node in owner.nodes for one in keeper.mentions(node)]:
        around = mention.parent
        if isinstance(around, Member) and around.object is mention and around.name == stop.name:
            return True
        if isinstance(around, Call) and around.callee is not mention:
            return True
        if isinstance(around, Array | Object | Return | Spread):
            return True
    return False


def _emptied(mention: Member | Name) -> bool:
    around = mention.parent
    if not isinstance(around, Assign) or around.target is not mention or around.value is None:
        return False
    value = strip(around.value)
    return (isinstance(value, Literal) and value.value is None) or (isinstance(value, Name) and value.id == "undefined")


def _end_place(owner: Owner, keeper: _Keeper) -> Node | None:
    """Return where the end lets a helper go, or the end itself."""
    for function in owner.reached:
        for assign in find(function.body, Assign):
            if keeper.holds(assign.target) and any(_emptied(one) for one in keeper.mentions(assign)):
                return assign
    return owner.ends[0]
