"""Which calls of hooks have a deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Member, Name, Node, Object, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, walk
from reviewer.experts.lifecycle.dependencies import callers
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.lifecycle.hooks import HookUse

_NAMES: Final = frozenset(
    (
        "timeout timeouts deadline limited within bounded race timed timebox timeboxed expire budget patience capped "
        "limit bound max"
    ).split()
)
_EXACT: Final = frozenset({"wait_for", "fail_after", "move_on_after", "timeout_at", "race", "timeout", "pTimeout"})
_WITHS: Final = frozenset({"timeout", "timeout_at", "fail_after", "move_on_after", "Timeout", "deadline", "time_limit"})
_INNER: Final = frozenset({"wait_for", "race", "fail_after", "move_on_after", "timeout"})


def has_deadline(module: Module, use: HookUse) -> bool:
    """Tell whether the call of a hook ends after a time: by a wrapper, a ``with``, a signal, or in a caller."""
    if _signalled(use.call) or bounded_around(module, use.member):
        return True
    return use.frame is not None and any(bounded_around(module, call) for call in callers(use.frame))


def _signalled(call: Call) -> bool:
    if {"timeout", "signal", "deadline", "cancel"} & set(call.keywords):
        return True
    return any(isinstance(arg, Object) and {"signal", "timeout", "deadline"} & set(arg.keys) for arg in call.args)


def bounded_around(module: Module, node: Node) -> bool:
    """Tell whether something stands in a call, or in a block, that ends after a time."""
    for around in ancestors(node):
        if isinstance(around, Call) and _bounds(module, around, node):
            return True
        if isinstance(around, With) and any(_named_deadline(value) for value, _target in around.items):
            return True
        if isinstance(around, Function) and (around.owner is not None or around.kind != "arrow"):
            return False
    return False


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
        if call.name in _INNER or ("timeout" in call.keywords and call.name in ("result", "wait", "join", "get")):
            return True
    return False


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
        if call.name in _INNER | {"submit", "result"}
        for node in walk(call)
    ) and not any(isinstance(n, Member) and n.name == "addEventListener" for n in walk(function.body))
