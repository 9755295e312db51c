"""LIF365: a task is cancelled and not waited for, though it has more to do, or works with what is closed next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Await, Call, Comprehension, For, Function, Member, Name, Try, strip
from reviewer.code.walk import behind, calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.lifecycle.vocabulary import STOPS, stops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Node
    from reviewer.experts.check import Inquiry

_STARTS: Final = frozenset({"create_task", "ensure_future"})
_CLOSES: Final = frozenset({"close", "aclose", "disconnect", "shutdown", "release", "dispose"})
_DEEPEST: Final = 2


@module_check("LIF365", words={"cancel"})
def cancelled_not_awaited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each task in a field that an asynchronous end cancels, and at what that task does when it is."""
    if module.is_test or module.language != "python":
        return
    for cls in module.classes:
        runs = _tasks(module, cls)
        for method in cls.methods if runs else ():
            if method.asynchronous and (stops(method.name) or method.name == "__aexit__"):
                yield from _cancelled(method, runs)


def _tasks(module: Module, cls: Class) -> dict[str, Function]:
    """Return the coroutine of each field that holds a task, or several."""
    found: dict[str, Function] = {}
    for call in find(cls, Call):
        run = strip(call.args[0]) if call.name in _STARTS and call.args else None
        target = target_function(module, run.callee) if isinstance(run, Call) else None
        around = call.parent
        if target is None or not target.asynchronous:
            continue
        while isinstance(around, Comprehension | Array):
            around = around.parent
        if isinstance(around, Assign) and is_this_member(around.target):
            found[around.target.name] = target
        if isinstance(around, Call) and around.name in ("append", "add") and is_this_member(around.receiver):
            found[around.receiver.name] = target
    return found


def _cancelled(method: Function, runs: dict[str, Function]) -> Iterator[Match]:
    """Find the cancellations of an end that nothing in it waits for."""
    for call in calls_in(method.body, into_functions=False):
        field, names = _field_of(method, call, runs) if call.name == "cancel" and not call.args else ("", set())
        if not field or _awaited(method, field, names):
            continue
        run = runs[field]
        at_end, closed = _works_at_end(run), _closed_behind(method, call, run)
        if not at_end and not closed:
            continue
        why = (
            f"'{run.name}' has more to do when it is cancelled, and its owner is gone before it has done so"
            if at_end
            else f"'{run.name}' is still at work when '{closed}', which it uses, is closed"
        )
        yield Match(
            call,
            f"This only asks, and nothing waits for the task: {why}.",
            related=((run, "what the task runs"),),
            fix="Await the task behind `cancel()`: `await asyncio.gather(task, return_exceptions=True)`.",
        )


def _field_of(method: Function, call: Call, runs: dict[str, Function]) -> tuple[str, set[str]]:
    """Return the field whose task a call cancels, and the variables that stand for it."""
    held = strip(call.receiver) if call.receiver is not None else None
    if is_this_member(held) and held.name in runs:
        return held.name, set()
    if not isinstance(held, Name):
        return "", set()
    for loop in find(method.body, For, into_functions=False):
        if loop.iterable is not None and loop.target is not None and held.id in names_in(loop.target):
            return next(((one.name, {held.id}) for one in _fields(loop.iterable, runs)), ("", set()))
    for assign in find(method.body, Assign, into_functions=False):
        if assign.value is not None and held.id in names_in(assign.target):
            return next(((one.name, {held.id}) for one in _fields(assign.value, runs)), ("", set()))
    return "", set()


def _fields(node: Node, runs: dict[str, Function]) -> list[Member]:
    return [one for one in find(node, Member) if is_this_member(one) and one.name in runs]


def _awaited(method: Function, field: str, names: set[str]) -> bool:
    """Tell whether something in an end waits for the task, or takes it along to what does."""
    for wait in find(method.body, Await, into_functions=False):
        if names & names_in(wait) or any(is_this_member(one) and one.name == field for one in find(wait, Member)):
            return True
    handed = (arg for call in calls_in(method.body) if call.name not in ("cancel", "append") for arg in call.args)
    return any(
        names & names_in(arg) or any(is_this_member(one) and one.name == field for one in find(arg, Member))
        for arg in handed
    )


def _works_at_end(run: Function) -> bool:
    """Tell whether a coroutine waits for something in a ``finally``, or where it hears that it is cancelled."""
    for attempt in find(run.body, Try, into_functions=False):
        ends = [*attempt.final]
        for handler in attempt.handlers:
            if any(getattr(kind, "name", getattr(kind, "id", "")) == "CancelledError" for kind in handler.types):
                ends += handler.body
        if next(find(ends, Await, into_functions=False), None) is not None:
            return True
    return False


def _closed_behind(method: Function, cancel: Call, run: Function) -> str:
    """Return the field that an end closes behind a cancellation, and that the task works with, or an empty text."""
    used = _reads(run, _DEEPEST)
    for call in calls_in(method.body, into_functions=False):
        held = strip(call.receiver) if call.receiver is not None else None
        closes = call.name in _CLOSES or flat(call.name) in STOPS
        if closes and call.name != "cancel" and behind(call, cancel) and is_this_member(held) and held.name in used:
            return held.name
    return ""


def _reads(run: Function, depth: int) -> set[str]:
    """Return the fields that a coroutine reads, itself or in the methods beside it that it calls."""
    found = {one.name for one in find(run.body, Member) if is_this_member(one)}
    if depth and run.owner is not None:
        for method in run.owner.methods:
            if method.name in found and method is not run:
                found |= _reads(method, depth - 1)
    return found
