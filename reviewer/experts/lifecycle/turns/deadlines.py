"""Which calls of hooks have a deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Call, Function, Literal, Member, Name, Node, Object, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in, walk
from reviewer.experts.lifecycle.bringing.dependencies import callers
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_NAMES: Final = frozenset(
    (
        "timeout timeouts deadline limited within bounded race timed timebox timeboxed expire budget patience capped "
        "limit bound max"
    ).split()
)
_EXACT: Final = frozenset({"wait_for", "fail_after", "move_on_after", "timeout_at", "race", "timeout", "pTimeout"})
_WITHS: Final = frozenset({"timeout", "timeout_at", "fail_after", "move_on_after", "Timeout", "deadline", "time_limit"})
ENDS_IN_TIME: Final = frozenset({"wait_for", "race", "fail_after", "move_on_after", "timeout"})
"""Calls by which a function waits for something no longer than some time."""


def has_deadline(module: Module, use: HookUse) -> bool:
    """Tell whether the call of a hook ends after a time: by a wrapper, a ``with``, a signal, or in a caller."""
    if _signalled(use.call) or _ended_by_system(use.call) or bounded_around(module, use.member):
        return True
    return use.frame is not None and any(bounded_around(module, call) for call in callers(use.frame))


def _ended_by_system(call: Call) -> bool:
    """Tell whether a process is begun that the system ends at a signal: ``agents.launch(folder, { signal })``."""
    held = [strip(arg) for arg in call.args]
    told = any(
        isinstance(key, Literal) and key.value in ("signal", "timeout")
        for one in held
        if isinstance(one, Object)
        for key, _value in one.entries
    )
    return told and words(call.name)[:1] in (("launch",), ("spawn",), ("exec",), ("fork",))


def only_told(module: Module, use: HookUse) -> bool:
    """Tell whether a hook is told when its time is up, by a signal or a date, and waited for all the same."""
    call = use.call
    if call.callee is not use.member or bounded_around(module, use.member) or use.frame is None:
        return False
    if _ended_by_system(call):
        return False
    if any(bounded_around(module, one) for one in callers(use.frame)):
        return False
    held = [*call.args, *call.keywords.values()]
    return "deadline" in call.keywords or any(_runs_out(module, arg, use.frame) for arg in held)


def _runs_out(module: Module, arg: Node, frame: Function) -> bool:
    """Tell whether something holds a signal that a timer raises: ``AbortSignal.timeout(ms)``, ``stop.signal``."""
    for node in walk(arg):
        made = module.scopes.origin(node) if isinstance(node, Name | Member) else node
        if isinstance(made, Call) and module.resolve(made.callee) == "AbortSignal.timeout":
            return True
        if isinstance(made, Member) and made.name == "signal" and _raised_late(module, made, frame):
            return True
    return False


def _raised_late(module: Module, signal: Member, frame: Function) -> bool:
    """Tell whether a timer of a function aborts the controller that a signal belongs to."""
    holder = module.text_of(signal.object)
    return any(
        isinstance(one, Member) and one.name == "abort" and module.text_of(one.object) == holder
        for call in calls_in(frame.body)
        if call.name == "setTimeout" and call.args
        for one in walk(call.args[0])
    )


def only_aborts(module: Module, use: HookUse) -> Node | None:
    """Return where the helper around a hook waits for what it runs, if all that its timer does is to raise a signal."""
    helper = definition(module, use.site.callee)
    if not isinstance(helper, Function) or helper is use.frame or limits(helper) or not helper.asynchronous:
        return None
    given = {param.name for param in helper.params}
    if any(call.name in ("Promise", "addEventListener") for call in calls_in(helper.body)):
        return None
    for wait in find(helper.body, Await, into_functions=False):
        run = strip(wait)
        its_work = isinstance(run, Call) and isinstance(run.callee, Name) and run.callee.id in given
        if its_work and isinstance(run, Call) and any(_runs_out(helper.module, arg, helper) for arg in run.args):
            return wait
    return None


def _signalled(call: Call) -> bool:
    if {"timeout", "signal", "deadline", "cancel"} & set(call.keywords):
        return True
    return any(isinstance(arg, Object) and {"signal", "timeout", "deadline"} & set(arg.keys) for arg in call.args)


def bounded_around(module: Module, node: Node) -> bool:
    """Tell whether something stands in a call, or in a block, that ends after a time."""
    for around in ancestors(node):
        if isinstance(around, Call) and _bounds(module, around, node):
            return True
        if isinstance(around, Assign) and isinstance(around.target, Name) and _bounded_later(module, around.target):
            return True
        if isinstance(around, With) and any(_named_deadline(value) for value, _target in around.items):
            return True
        if isinstance(around, Function) and (around.owner is not None or around.kind != "arrow"):
            return False
    return False


def _bounded_later(module: Module, kept: Name) -> bool:
    """Tell whether a promise that has a name is handed to what ends after a time: ``within(5, ended)``."""
    function = function_of(kept)
    return function is not None and any(
        any(isinstance(strip(arg), Name) and kept.id in names_in(arg) for arg in call.args)
        and _bounds(module, call, kept)
        for call in calls_in(function.body)
    )


def _named_deadline(value: Node) -> bool:
    value = strip(value) if isinstance(value, Call) else value
    return isinstance(value, Call) and (value.name in _WITHS or has_word(value.name, _NAMES))


def _bounds(module: Module, call: Call, inner: Node) -> bool:
    if call.callee is inner:
        return False
    if call.name in _EXACT or has_word(call.name, _NAMES) or "timeout" in call.keywords:
        return True
    target = definition(module, call.callee)
    return isinstance(target, Function) and limits(target)


def limits(function: Function) -> bool:
    """Tell whether a function bounds what it is given in time: races it, waits for it with a timeout."""
    for call in calls_in(function.body):
        if call.name in ENDS_IN_TIME or ("timeout" in call.keywords and call.name in ("result", "wait", "join", "get")):
            return True
    return any(_rejects_at_abort(call) for call in calls_in(function.body) if call.name == "Promise" and call.new)


def _rejects_at_abort(promise: Call) -> bool:
    """Tell whether a promise ends when a signal is raised, whatever it waits for besides."""
    executor = strip(promise.args[0]) if promise.args else None
    if not isinstance(executor, Function):
        return False
    heard = (call for call in calls_in(executor.body) if call.name == "addEventListener" and call.args)
    return any(isinstance(first := strip(call.args[0]), Literal) and first.value == "abort" for call in heard)


def knows_deadlines(module: Module) -> bool:
    """Tell whether a module has a helper for deadlines, its own or an imported one."""
    for name in sorted(module.identifiers):
        if set(words(name)) & {"timeout", "deadline", "timebox", "timed", "limited", "within"}:
            target = module.scopes.table(None).get(name)
            if target:
                return True
    return any(_own_limiter(function) for function in module.functions if function.name)


def _own_limiter(function: Function) -> bool:
    if not function.params or not limits(function):
        return False
    given = {param.name for param in function.params}
    return any(
        isinstance(node, Name) and node.id in given
        for call in calls_in(function.body)
        if call.name in ENDS_IN_TIME | {"submit", "result"}
        for node in walk(call)
    ) and not any(isinstance(n, Member) and n.name == "addEventListener" for n in walk(function.body))
