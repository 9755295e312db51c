"""What becomes of the error of one handler: it is caught, goes with its promise, or keeps others from the event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Cast,
    Comprehension,
    Expr,
    Function,
    Member,
    Name,
    Node,
    Return,
    Spread,
    Try,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.communication.invocations import LOOPING, Invocation, calls_param

if TYPE_CHECKING:
    from collections.abc import Sequence

_LATER: Final = frozenset(
    "setTimeout setImmediate queueMicrotask nextTick create_task ensure_future call_soon call_soon_threadsafe submit "
    "run_in_executor start_soon Thread spawn defer schedule".split()
)
"""Functions that run what they are given on their own, so that its error reaches nobody here."""
_CATCHERS: Final = frozenset({"catch", "add_done_callback", "allSettled"})


def isolated(found: Invocation) -> bool:
    """Tell whether an error of this handler leaves the other handlers alone."""
    if _caught(found.call, found.loop):
        return True
    return found.inner is not None and _caught(found.inner, found.through)


def _caught(call: Call, within: Node | None) -> bool:
    """Tell whether an error of a call is caught before it leaves ``within``."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Try) and around.handlers and any(inner is s for s in around.body):
            each = isinstance(within, Call)  # a return ends the callback of one, and not the loop
            if any(_broad(one.types) and not _leaves(one.body, returns=not each) for one in around.handlers):
                return True
        elif (
            (isinstance(around, Call) and (_takes_error(around, inner) or _runs_guarded(around, inner)))
            or (isinstance(around, With) and suppresses(around))
            or (isinstance(around, Assign) and around.value is inner and _run_later(around))
        ):
            return True
        if around is within:
            return isinstance(around, Call | Comprehension) and settled(around)
        if isinstance(around, Function) and _caught_where_called(around, within):
            return True
        inner = around
    return False


def _run_later(made: Assign) -> bool:
    """Tell whether a coroutine gets a name that only starts a task: ``work = run(it); ensure_future(work)``."""
    function, target = function_of(made), made.target
    if function is None or function.module.language != "python" or not isinstance(target, Name):
        return False
    uses = [use for use in find(function.body, Name) if use.id == target.id and use is not target]
    return bool(uses) and all(
        isinstance(use.parent, Call) and use.parent.name in _LATER and not in_task_group(use.parent) for use in uses
    )


def _caught_where_called(function: Function, within: Node | None) -> bool:
    """Tell whether an asynchronous function is only there to be run and caught: ``run().catch(…)``."""
    if not function.asynchronous or not isinstance(function.parent, Assign) or function.outer is None:
        return False
    runs = [one for one in calls_in(function.outer.body) if definition(function.module, one.callee) is function]
    return bool(runs) and all(_caught(one, within) for one in runs)


def settled(loop: Node) -> bool:
    """Tell whether the promises that a ``map`` or a comprehension makes are all waited for, come what may."""
    node: Node | None = loop
    for _ in range(5):
        node = node.parent if node is not None else None
        if isinstance(node, Call):
            if node.name == "allSettled":
                return True
            if node.name == "gather":
                flag = node.keywords.get("return_exceptions")
                return flag is not None and getattr(flag, "value", True) is not False
            if node.name == "wait":
                return True
        elif isinstance(node, Assign) and isinstance(node.target, Name):
            return _settled_later(node)
        if not isinstance(node, Call | Spread | Await | Cast | Member):
            return False
    return False


def _settled_later(assign: Assign) -> bool:
    function = function_of(assign)
    target = assign.target
    if function is None or not isinstance(target, Name):
        return False
    for call in calls_in(function.body, into_functions=False):
        if call.name in ("allSettled", "gather", "wait"):
            names = {
                n.id
                for a in call.args
                for n in (strip(a.value if isinstance(a, Spread) else a),)
                if isinstance(n, Name)
            }
            if target.id in names:
                flag = call.keywords.get("return_exceptions")
                return call.name != "gather" or (flag is not None and getattr(flag, "value", True) is not False)
    return False


def _broad(types: list[Expr]) -> bool:
    if not types:
        return True
    names = [words(getattr(t, "id", "") or getattr(t, "name", "")) for kind in types for t in _each(kind)]
    return any(name in (("exception",), ("base", "exception"), ("error",)) for name in names)


def _each(kind: Expr) -> list[Expr]:
    items = getattr(kind, "items", None)
    return [i for i in items if isinstance(i, Expr)] if isinstance(items, list) else [kind]


def _leaves(body: Sequence[object], *, returns: bool) -> bool:
    """Tell whether a handler of errors surely throws on, leaves the loop, or by a return the function around it."""
    for statement in body:
        kind = type(statement).__name__
        if kind == "Throw" or (kind == "Jump" and getattr(statement, "kind", "") == "break"):
            return True
        if kind == "Return":
            return returns
        if kind == "Jump":
            return False
    return False


def _takes_error(around: Call, inner: Node) -> bool:
    """Tell whether a call around takes the error away: ``.catch(…)``, ``create_task(…)``, ``setTimeout(…)``."""
    if around.name == "then" and len(around.args) == 1 and inner is not around.callee and _carries_errors(around):
        return False
    if around.name in _CATCHERS or (around.name == "then" and len(around.args) > 1):
        return inner is around.callee or around.name == "allSettled"
    if around.name in _LATER:
        return inner is not around.callee and not in_task_group(around)
    callee = around.callee
    return around.name == "then" and inner is not callee and isinstance(callee, Member)


def chained(loop: Node | None) -> bool:
    """Tell whether a ``reduce`` runs one after the other: each waits for the promise of those before it."""
    first = strip(loop.args[1]) if isinstance(loop, Call) and loop.name == "reduce" and len(loop.args) == 2 else None
    return isinstance(first, Call) and first.name == "resolve"


def _carries_errors(then: Call) -> bool:
    """Tell whether a step is put behind the promise of the steps before it, whose error it would pass on."""
    before = then.receiver
    while isinstance(before, Call):
        before = before.receiver
    step = function_of(then)
    return (
        isinstance(before, Name)
        and step is not None
        and chained(step.parent)
        and [before.id] == [param.name for param in step.params[:1]]
    )


def handed_to(returned: Return) -> Call | None:
    """Return the call that is given the function of a ``return``: ``guarded`` for ``guarded(() => run(x))``."""
    function = returned.parent
    around = function.parent if isinstance(function, Function) and function.kind == "arrow" else None
    return around if isinstance(around, Call) and any(a is function for a in around.args) else None


def _runs_guarded(around: Call, inner: Node) -> bool:
    """Tell whether a function is handed to one that runs it and catches its error: ``guarded(() => run(x))``."""
    if not isinstance(inner, Function) or around.name in LOOPING:
        return False
    target = definition(inner.module, around.callee)
    if not isinstance(target, Function):
        return False
    position = next((at for at, given in enumerate(around.args) if given is inner), len(target.params))
    runs = calls_param(target, target.params[position]) if position < len(target.params) else None
    return runs is not None and _caught(runs, target)


def in_task_group(call: Call) -> bool:
    """Tell whether a task is one of a group, which is over for all of them with the first that fails."""
    receiver, function = call.receiver, function_of(call)
    if not isinstance(receiver, Name) or function is None:
        return False
    if receiver.id in ("tg", "group", "task_group", "nursery", "taskgroup"):
        return True
    return any(
        isinstance(given := strip(value), Call)
        and given.name in ("TaskGroup", "open_nursery", "create_task_group")
        and isinstance(target, Name)
        and target.id == receiver.id
        for around in ancestors(call)
        if isinstance(around, With)
        for value, target in around.items
    )


def _swallows(made: Call) -> bool:
    """Tell whether a block says by its name, or how it is made, that errors end there: ``handling(swallow=True)``."""
    told = made.keywords.get("swallow") or made.keywords.get("suppress")
    if told is not None:
        return getattr(strip(told), "value", True) is not False
    return not {"swallow", "swallowing", "suppressing", "suppressed"}.isdisjoint(words(made.name))


def suppresses(around: Node) -> bool:
    """Tell whether a ``with`` ends the errors of what runs in it."""
    items = getattr(around, "items", [])
    for given, _target in items:
        value = strip(given)
        if isinstance(value, Call) and value.name in (
            "suppress",
            "isolate",
            "guard",
            "isolated",
            "shield",
            "log_errors",
        ):
            return True
        if isinstance(value, Call) and _swallows(value):
            return True
    return False
