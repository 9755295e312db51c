"""Whether only one call at a time gets to a place: through a lock, a queue of promises, or a door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Function, Index, Member, Name, Node, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_DEEPEST: Final = 3
_LOCKS: Final = frozenset("lock mutex semaphore exclusive guard gate turnstile serial serially queue turn".split())
_ENTERS: Final = frozenset("acquire lock enter wait take".split())


def in_turn(node: Node) -> bool:
    """Tell whether one call at a time gets to a place in a function, from wherever that is called."""
    return _in_turn(node, 0)


def is_lock(module: Module, value: Expr) -> bool:
    """Tell whether a block over a value lets in one at a time: a lock that is kept, and nothing made on the spot."""
    value = strip(value)
    if isinstance(value, Call):
        if value.name in ("setdefault", "get") and value.receiver is not None:  # one for each, made where it is missing
            return any(isinstance(strip(arg), Call) and is_lock(module, arg) for arg in value.args)
        return not _LOCKS.isdisjoint(words(value.name)) or (
            value.receiver is not None and not value.args and value.name in ("acquire", "lock", "get_lock")
        )
    if isinstance(value, Index):  # one for each: ``locks[name]``
        value = strip(value.object)
        many = module.scopes.origin(value)
        kinds = [word for arg in many.args for word in words(last_name(arg))] if isinstance(many, Call) else []
        if not _LOCKS.isdisjoint(kinds):
            return True
    made = module.scopes.origin(value)
    if isinstance(made, Call) and made is not value:
        maker = strip(made.keywords["default_factory"]) if "default_factory" in made.keywords else made.callee
        return not (_LOCKS | {"condition", "rlock"}).isdisjoint(words(last_name(maker)))
    said = value.name if isinstance(value, Member) else value.id if isinstance(value, Name) else ""
    return not _LOCKS.isdisjoint(words(said))


def _in_turn(node: Node, depth: int) -> bool:
    function = outermost(node)
    if function is None:
        return False
    module = function.module
    for around in ancestors(node):
        if isinstance(around, With) and any(is_lock(module, value) for value, _ in around.items):
            return True
        if isinstance(around, Call) and (_queues(module, around) or around.name == "set"):
            return True
        if isinstance(around, Assign) and _is_remembered(around, function):
            return True
        if around is function:
            break
    if _through_a_door(node):
        return True
    if depth >= _DEEPEST:
        return False
    calls = [call for call in callers(function) if outermost(call) is not function]
    return bool(calls) and all(_in_turn(call, depth + 1) for call in calls)


def _queues(module: Module, call: Call) -> bool:
    """Tell whether a call hands work to a function that runs one after the other: ``last = last.then(job)``."""
    if not any(isinstance(strip(arg), Function) for arg in call.args):
        return False
    target = definition(module, call.callee)
    if not isinstance(target, Function):
        return not _LOCKS.isdisjoint(words(call.name)) and call.receiver is not None
    kept = {_place(one.target) for one in find(target.body, Assign)} - {""}
    chained = {
        _place(made.receiver) for made in calls_in(target.body) if made.name in ("then", "finally") and made.receiver
    }
    return bool(kept & chained) or any(_through_a_door(one) for one in find(target.body, Await))


def _is_remembered(assign: Assign, function: Function) -> bool:
    """Tell whether a promise is kept for those who ask meanwhile: ``job = start(id); this.starting.set(id, job)``."""
    if any(isinstance(node, Await) for node in find(assign, Await)):
        return False
    if isinstance(assign.target, Index):
        return True
    name = assign.target.id if isinstance(assign.target, Name) else ""
    puts = (call for call in calls_in(function.body) if call.name in ("set", "setdefault") and call.args)
    return bool(name) and any(isinstance(last := strip(call.args[-1]), Name) and last.id == name for call in puts)


def _place(expr: Expr) -> str:
    expr = strip(expr)
    if is_this_member(expr):
        return f"this.{expr.name}"
    return expr.id if isinstance(expr, Name) else ""


def _through_a_door(node: Node) -> bool:
    """Tell whether something was waited for before that one has to leave again: ``leave = await door.enter()``."""
    function = function_of(node)
    if function is None:
        return False
    for earlier in before(node):
        call = strip(earlier) if isinstance(earlier, Await) else None
        if not isinstance(call, Call):
            continue
        held = earlier.parent
        name = held.target.id if isinstance(held, Assign) and isinstance(held.target, Name) else ""
        if call.name in _ENTERS and (call.name == "acquire" or not _LOCKS.isdisjoint(words(_last(call)))):
            return True
        if name and _called(function, name):
            return True
    return False


def _last(call: Call) -> str:
    held = strip(call.receiver) if call.receiver is not None else None
    return held.name if isinstance(held, Member) else held.id if isinstance(held, Name) else ""


def _called(function: Function, name: str) -> bool:
    """Tell whether what was waited for is a function that is called, or handed on, without anything for it."""
    for node in find(function.body, Name):
        around = node.parent
        if node.id != name or not isinstance(around, Call):
            continue
        if (around.callee is node and not around.args) or around.name == "finally":
            return True
    return False
