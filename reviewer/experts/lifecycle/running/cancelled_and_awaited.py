"""LIF574: a task is cancelled and then awaited, and nothing takes the cancellation that comes out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import (
    Await,
    Call,
    For,
    Function,
    Handler,
    Literal,
    Member,
    Name,
    Spread,
    Throw,
    Try,
    With,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_STARTS: Final = frozenset({"create_task", "ensure_future"})
_CANCELS: Final = frozenset({"CancelledError", "BaseException"})
_LISTS: Final = frozenset({"list", "tuple", "set", "values", "copy", "sorted", "reversed"})
"""Calls that give the same tasks."""


@module_check("LIF574", words={"cancel"})
def cancelled_and_awaited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look behind each ``cancel()`` for a bare wait for what was cancelled."""
    if module.is_test or module.language != "python" or "await" not in module.identifiers:
        return
    for function in module.functions:
        if not function.asynchronous:
            continue
        for cancel in calls_in(function.body, into_functions=False):
            if cancel.name != "cancel" or cancel.receiver is None:
                continue
            held = _held(module, cancel)
            wait = next((one for one in _waits(module, function, held) if one.start > cancel.stop), None)
            works = _works(module, cancel.receiver, held) if wait is not None else []
            if wait is None or works is None or any(map(_takes_its_end, works)):
                continue
            yield Match(
                wait,
                f"'{short(held)}' was cancelled in line {cancel.line}, so this raises CancelledError, which is no "
                "Exception: what stands behind it is skipped, and whoever waits for this function seems to be "
                "cancelled itself.",
                related=((cancel, "cancelled here"),),
                confidence=None
                if works or enclosing_loop(cancel) is not None or "Task" in declared_type(module, cancel.receiver)
                else Confidence.POSSIBLE,
            )
            break


def _held(module: Module, cancel: Call) -> str:
    """Return what is cancelled, as it is spelled; the collection, where each of one is."""
    receiver = strip(cancel.receiver) if cancel.receiver is not None else cancel
    loop = enclosing_loop(cancel)
    if isinstance(loop, For) and loop.iterable is not None and isinstance(receiver, Name):
        target = strip(loop.target) if loop.target is not None else None
        waits = any(isinstance(strip(one.value), Name) for one in find(loop.body, Await, into_functions=False))
        if isinstance(target, Name) and target.id == receiver.id and not waits:
            return module.text_of(_plain(loop.iterable))
    return module.text_of(receiver)


def _plain(expr: Expr) -> Expr:
    """See through ``list(tasks)`` and ``tasks.values()``."""
    expr = strip(expr)
    while isinstance(expr, Call) and expr.name in _LISTS:
        inner = expr.args[0] if expr.args else expr.receiver
        if inner is None:
            return expr
        expr = strip(inner)
    return expr


def _waits(module: Module, function: Function, held: str) -> Iterator[Await]:
    """Yield where a function waits for what has this name, and takes no cancellation."""
    for wait in find(function.body, Await, into_functions=False):
        if any(module.text_of(_plain(one)) == held for one in _awaited(wait)) and not _is_taken(wait, function):
            yield wait


def _awaited(wait: Await) -> list[Expr]:
    """Return what a wait hands the errors of on: a task, or those of a ``gather`` that throws the first."""
    value = strip(wait.value)
    if not isinstance(value, Call):
        return [value]
    if value.name == "gather":
        kept = value.keywords.get("return_exceptions")
        throws = kept is None or (isinstance(strip(kept), Literal) and not getattr(strip(kept), "value", True))
        return [strip(one.value) if isinstance(one, Spread) else one for one in value.args] if throws else []
    return value.args[:1] if value.name in ("wait_for", "shield") else []


def _is_taken(wait: Await, function: Function) -> bool:
    """Tell whether something around a wait takes a cancellation."""
    inner: Node = wait
    for around in ancestors(wait):
        if around is function:
            return False
        if isinstance(around, Try) and any(inner is one for one in around.body) and any(map(_takes, around.handlers)):
            return True
        if isinstance(around, With) and any(_suppresses(value) for value, _target in around.items):
            return True
        inner = around
    return False


def _takes(handler: Handler) -> bool:
    named = {last_name(part) for kind in handler.types for part in find(kind, Name | Member)}  # type: ignore[arg-type]  # a union works as a kind
    return not handler.types or bool(named & _CANCELS)


def _suppresses(value: Expr) -> bool:
    """Tell whether a block lets no cancellation out: ``suppress(CancelledError)``, or a manager of its own for that."""
    made = strip(value)
    if not isinstance(made, Call):
        return False
    return "cancel" in made.name.lower() or any(last_name(arg) in _CANCELS for arg in made.args)


def _works(module: Module, receiver: Expr, held: str) -> list[Function] | None:
    """Return the coroutine functions that run in what is cancelled; None where it is no task that is made here."""
    made = [value for _where, value in values_of(module, receiver) if isinstance(value, Call)]
    if not any(one.name in _STARTS for one in made):
        name = _collection(module, receiver, held)
        made = [start for start in module.calls(_STARTS) if _is_put_into(module, start, name)]
    starts = [one for one in made if one.name in _STARTS and one.args]
    if not starts:
        return [] if "Task" in declared_type(module, receiver) else None
    found: list[Function] = []
    for start in starts:
        given = strip(start.args[0])
        work = definition(module, given.callee) if isinstance(given, Call) else None
        if not isinstance(work, Function) or not work.asynchronous:
            return []
        found.append(work)
    return found


def _collection(module: Module, receiver: Expr, held: str) -> str:
    """Return the last name of the collection that is cancelled, through the copy of it that a variable holds."""
    loop = enclosing_loop(receiver)
    whole = _plain(loop.iterable) if isinstance(loop, For) and loop.iterable is not None else strip(receiver)
    made = module.scopes.origin(whole) if isinstance(whole, Name) else None
    return last_name(_plain(made)) if isinstance(made, Call) else held.rpartition(".")[2]


def _is_put_into(module: Module, start: Call, name: str) -> bool:
    """Tell whether a new task goes into a collection of this name, at once or through a variable."""
    around = start.parent
    if isinstance(around, Call) and around.receiver is not None:
        return last_name(around.receiver) == name
    for node in ancestors(start):
        target = getattr(node, "target", None)
        if target is None:
            if isinstance(node, Function):
                return False
            continue
        if last_name(target) == name or last_name(getattr(target, "object", target)) == name:
            return True
        if not isinstance(target, Name):
            return False
        function = next((one for one in ancestors(start) if isinstance(one, Function)), None)
        calls = calls_in(function.body) if function is not None else iter(())
        return any(
            call.receiver is not None
            and last_name(call.receiver) == name
            and any(isinstance(arg := strip(one), Name) and arg.id == target.id for one in call.args)
            for call in calls
        )
    return False


def _takes_its_end(work: Function) -> bool:
    """Tell whether a coroutine takes its own cancellation, so that the wait for it ends without an error."""
    return any(
        _takes(handler) and not any(isinstance(node, Throw) for node in handler.body)
        for attempt in find(work.body, Try, into_functions=False)
        for handler in attempt.handlers
    ) or any(_suppresses(value) for block in find(work.body, With) for value, _target in block.items)
