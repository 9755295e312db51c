"""Loops in the background, and whether they look at what the end of their owner tells them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Class,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Try,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of, walk
from reviewer.experts.lifecycle.bringing.dependencies import functions_of, home
from reviewer.experts.lifecycle.targets import endless_loop, target_function
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import STOPS, stops

if TYPE_CHECKING:
    from reviewer.code.module import Module

_STOPPING: Final = frozenset(
    (
        "stop stopped stopping halt halted quit quitting exit exiting shutdown cancel cancelled canceled abort aborted "
        "closing closed done finished terminate terminated kill killed disposed destroyed running alive active enabled "
        "started going keep live"
    ).split()
)
"""Words of a flag or an event by which a loop is told to end."""
_ENDING: Final = frozenset({"cancel", "terminate", "kill", "abort", "cancel_scope"})
"""Calls that end a task or a process from outside, whatever its loop looks at."""
_TASKS: Final = frozenset({"create_task", "ensure_future", "start_soon", "run_coroutine_threadsafe"})
_WAITS: Final = frozenset({"wait", "is_set", "isSet"})
_SLEEPS: Final = frozenset({"sleep", "delay", "pause", "settimeout", "wait"})
_LEAVES: Final = frozenset({"exit", "_exit"})
"""What ends the whole program, and with it every loop."""


class Unheard(Struct, frozen=True):
    """A loop that goes on although the end says stop.

    ``signal`` is what the end sets, with the place where it does (``said``); ``said`` is None
    where the loop asks a signal that nothing ever gives. Both are missing where the loop asks
    for nothing and is told nothing.
    """

    loop: While
    function: Function
    signal: str
    said: Node | None


def unheard(module: Module) -> tuple[Unheard, ...]:
    """Return the loops of a module that no end reaches, in source order; worked out once."""
    known = module.memory.get("lifecycle.unheard")
    if not isinstance(known, tuple):
        known = module.memory["lifecycle.unheard"] = tuple(_unheard(module))
    return known


def goes_unheard(module: Module, function: Function | None) -> bool:
    """Tell whether a function has such a loop."""
    return any(found.function is function for found in unheard(module))


def _unheard(module: Module) -> Iterator[Unheard]:
    loops = module.all(While)
    if not loops or STOPS.isdisjoint({"".join(words(name)) for name in module.identifiers}):
        return
    background = {id(f): started for f, started in _background(module)}
    for loop in loops:
        function = function_of(loop)
        if function is None or id(function) not in background:
            continue
        place = home(function)
        ends = [f for f in functions_of(place) if _ends(f) and f is not function]
        if not ends or (background[id(function)] == "task" and _ended_from_outside(ends)):
            continue
        if endless_loop(loop):
            beside = [f for f in ends if isinstance(place, Class) or (f.outer is function.outer is not None)]
            found = _forgotten(loop, function, ends) or _untold(loop, function, beside, background[id(function)])
        else:
            found = _never_said(module, loop, function)
        if found is not None:
            yield found


def _background(module: Module) -> Iterator[tuple[Function, str]]:
    """Yield the functions that a module runs beside itself: ``thread`` or ``task``."""
    for call in module.all(Call):
        work: Expr | None = None
        kind = "thread"
        if call.name in ("Thread", "Process"):
            work = call.keywords.get("target")
        elif call.name in ("submit", "to_thread"):
            work = call.arg(0)
        elif call.name == "run_in_executor":
            work = call.arg(1)
        elif call.name in _TASKS and call.args:
            started = strip(call.args[0])
            work, kind = (started.callee if isinstance(started, Call) else started), "task"
        elif module.language != "python" and not use_of(call).awaited:
            work, kind = call.callee, "flag"
        target = target_function(module, work)
        if target is not None and (kind != "flag" or target.asynchronous):
            yield target, kind
            yield from ((helper, kind) for helper in _waited_for(target))


def _waited_for(function: Function) -> Iterator[Function]:
    """Yield the helpers for which a function in the background waits."""
    for wait in find(function.body, Await):
        work = strip(wait.value)
        helper = target_function(function.module, work.callee) if isinstance(work, Call) else None
        if helper is not None and helper is not function:
            yield helper


def _ends(function: Function) -> bool:
    said = words(function.name)
    return stops(function.name) or (bool(said) and stops(said[0]))


def _ended_from_outside(ends: list[Function]) -> bool:
    return any(call.name in _ENDING for end in ends for call in calls_in(end.body))


def _forgotten(loop: While, function: Function, ends: list[Function]) -> Unheard | None:
    """Return what an end sets and an endless loop never looks at."""
    told = [(name, node) for end in ends for name, node in _told(end) if not _STOPPING.isdisjoint(words(name))]
    if not told or {name for name, _node in told} & _looks_at(loop, function):
        return None
    return Unheard(loop, function, told[0][0], told[0][1])


def _untold(loop: While, function: Function, ends: list[Function], kind: str) -> Unheard | None:
    """Return an endless loop of which nobody keeps anything that could end it, though its owner has an end.

    A thread that is not even joined, and a task, are told of where they were begun.
    """
    whole = [end for end in ends if not end.private and not end.params]
    calls = [call for end in whole for call in calls_in(end.body)]
    if not whole or kind == "task" or (kind == "thread" and not any(call.name == "join" for call in calls)):
        return None
    if not _survives(loop) or any(call.name in _ENDING or call.name in _LEAVES for call in calls):
        return None
    return Unheard(loop, function, "", None)


def _survives(loop: While) -> bool:
    """Tell whether what is closed under a loop does not end it: it sleeps between its turns, or catches all."""
    if any(not _SLEEPS.isdisjoint(words(call.name)) for call in calls_in(loop.body)):
        return True
    return all(isinstance(step, Try) and step.handlers for step in loop.body)


def _told(end: Function) -> Iterator[tuple[str, Node]]:
    """Yield the flags and events that a function sets, with the places."""
    for node in walk(end.body):
        if isinstance(node, Call) and node.name in ("set", "abort") and node.receiver is not None and not node.args:
            yield last_word(node.receiver), node
        elif isinstance(node, Assign) and isinstance(node.value, Literal) and isinstance(node.value.value, bool):
            target = strip(node.target)
            if isinstance(target, Member | Name):
                yield last_word(target), node


def _looks_at(loop: While, function: Function) -> set[str]:
    """Return the names that a loop and the own functions which it calls speak of."""
    bodies: list[Node] = [loop]
    for call in calls_in(loop):
        target = definition(function.module, call.callee)
        if isinstance(target, Function) and target is not function:
            bodies.extend(target.body)
    return {
        node.name if isinstance(node, Member) else node.id
        for node in walk(bodies)
        if isinstance(node, Member | Name) and not _only_sleeps(node)
    }


def _only_sleeps(node: Node) -> bool:
    """Tell whether a signal only serves as an alarm clock: ``closing.wait(5)``, whose answer nobody looks at."""
    waits = node.parent
    call = waits.parent if isinstance(waits, Member) and waits.name == "wait" else None
    return isinstance(call, Call) and bool(call.args) and use_of(call).how == "dropped"


def _never_said(module: Module, loop: While, function: Function) -> Unheard | None:
    """Return the signal that a loop asks, where it is one of the owner's own and nothing ever gives it."""
    asked = [node for node in find(loop.test, Member) if is_this_member(node)]
    if len(asked) != 1:
        return None
    name = asked[0].name
    cls = class_of(loop)
    if cls is None or name in {m.name for m in cls.methods}:
        return None
    if cls.bases and not module.scopes.field_values(cls, name):
        return None  # a class above it makes the signal, and may well give it
    if any(isinstance(call, Call) and call.name in _WAITS for call in calls_in(loop.test)):
        given = [c for c in module.calls(("set",)) if c.receiver is not None and last_word(c.receiver) == name]
        handed = [n for n in module.all(Member) if n.name == name and isinstance(n.parent, Call) and n in n.parent.args]
        return None if given or handed else Unheard(loop, function, name, None)
    if strip(loop.test) is not asked[0] or len(module.scopes.field_values(cls, name)) == 0:
        return None
    said = [strip(value) for value in module.scopes.field_values(cls, name)]
    plain = all(isinstance(value, Literal) and value.value is not None for value in said)
    written = [a for a in module.all(Assign) if isinstance(a.target, Member) and a.target.name == name]
    if not plain or any(isinstance(v, Literal) and not v.value and _in_end(v) for v in said):
        return None
    if len(written) > sum(1 for a in written if is_this_member(a.target)):
        return None  # somebody else sets it, too
    if any(isinstance(v, Literal) and not v.value and not _at_birth(v) for v in said):
        return None
    return Unheard(loop, function, name, None)


def _in_end(value: Expr) -> bool:
    function = function_of(value)
    return function is not None and _ends(function)


def _at_birth(value: Expr) -> bool:
    function = function_of(value)
    return function is None or function.kind == "constructor" or function.name == "__init__"
