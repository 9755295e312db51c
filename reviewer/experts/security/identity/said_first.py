"""SEC020: who acts is what the caller says, and what the host knows is asked only where he says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Await, Binary, Call, Expr, Function, Index, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.values.access import path_of, step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KEYED: Final = frozenset({"get", "set", "has", "delete", "pop", "add", "setdefault"})
_OF_CONTEXT: Final = frozenset({"ContextVar", "AsyncLocalStorage", "local"})
"""Makers of what knows on whose behalf code runs now."""
_OF_ONE_MESSAGE: Final = frozenset({"correlation", "trace", "span", "traceparent"})
"""Words of what names a message, and nobody."""
_READS: Final = frozenset({"get", "getStore"})
_ARRIVES: Final = frozenset({"message", "msg", "body", "request", "payload", "event", "frame", "query", "headers"})


@module_check("SEC020", words=_ARRIVES | {"contextvar", "store", "context"})
def said_first(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice between what arrives and what the host has found out by itself."""
    if module.is_test:
        return
    for choice in module.all(Binary):
        if choice.op not in ("??", "or") or function_of(choice) is None:
            continue
        told, known = strip(choice.left), strip(choice.right)
        told = _unwrapped(told)
        named = words(module.text_of(told))
        if not _OF_ONE_MESSAGE.isdisjoint(named) or named[-2:] == ("request", "id"):
            continue
        held = (
            (_is_sent(module, told, choice) and (_is_key_around(module, known, choice) or _is_proved(known, choice)))
            or (_is_given(module, told) and _runs_for(module, known))
        ) and _is_used(module, choice, told, known)
        if held:
            yield Match(
                choice.left,
                f"'{short(module.text_of(choice.left))}' is what the sender says, and stands before "
                f"'{short(module.text_of(known))}', which the host knows: whoever names another is that one.",
            )


def _unwrapped(told: Expr) -> Expr:
    """See through ``str(…)`` and ``String(…)``."""
    while isinstance(told, Call) and told.name in ("str", "String") and len(told.args) == 1:
        told = strip(told.args[0])
    return told


def _is_sent(module: Module, told: Expr, choice: Binary) -> bool:
    """Tell whether a value is a field of what the function that runs here is given: a message, a body."""
    root, names = path_of(module, told)
    own = function_of(choice)
    if not isinstance(root, Param) or not names or root.parent is not own:
        return False
    holder = step(told)
    made = module.scopes.origin(holder[0]) if holder is not None else None
    if isinstance(made, Call) and made.name in ("parse", "loads"):
        return True
    said = {word for name in (root.name, *names[:-1]) for word in words(name)} | set(words(root.type))
    return bool(said & (_ARRIVES | {"data", "json"}))


def _is_key_around(module: Module, known: Expr, choice: Binary) -> bool:
    """Tell whether what is known belongs to the function around, where tables are kept by it: one function a guest."""
    if not isinstance(known, Name):
        return False
    bindings = module.scopes.lookup(known.id, known)
    outer = bindings[0].parent if len(bindings) == 1 and isinstance(bindings[0], Param) else None
    if not isinstance(outer, Function) or outer is function_of(choice):
        return False
    calls = (call for call in find(outer.body, Call) if call.name in _KEYED and call.receiver is not None)
    by_key = any(call.args and isinstance(call.args[0], Name) and call.args[0].id == known.id for call in calls)
    return by_key or any(isinstance(one.key, Name) and one.key.id == known.id for one in find(outer.body, Index))


def _is_proved(known: Expr, choice: Binary) -> bool:
    """Tell whether what is known was proved before, together with something else: ``if not who(name, key): return``."""
    if not isinstance(known, Name):
        return False
    for condition in conditions(choice):
        for call in find(condition.test, Call, into_functions=False):
            given = [strip(one) for one in call.args]
            if len(given) > 1 and any(isinstance(one, Name) and one.id == known.id for one in given):
                return True
    return False


def _is_given(module: Module, told: Expr) -> bool:
    """Tell whether a value is a parameter that may be left out, or a field of one."""
    if isinstance(told, Name):
        bindings = [one for one in module.scopes.lookup(told.id, told) if isinstance(one, Param)]
        return any(one.default is not None or one.optional or bool(one.fields) for one in bindings)
    root, names = path_of(module, told)
    return isinstance(root, Param) and bool(names) and isinstance(told, Member)


def _runs_for(module: Module, known: Expr) -> bool:
    """Tell whether a value says on whose behalf code runs now: ``_on_duty.get()``, ``storage.getStore().guest``."""
    while isinstance(known, Member):
        known = strip(known.object)
    if not isinstance(known, Call) or known.name not in _READS or known.receiver is None:
        return False
    made = module.scopes.origin(known.receiver)
    return isinstance(made, Call) and made.name in _OF_CONTEXT


def _is_used(module: Module, choice: Binary, told: Expr, known: Expr) -> bool:
    """Tell whether the choice is asked about, or whether it says for whom a call works."""
    function = function_of(choice)
    name = _name_of(choice)
    if function is None:
        return False
    if _runs_for(module, known):
        asked = (call for call in find(function.body, Call) if is_check(module, call))
        return bool(name) and any(isinstance(one, Name) and one.id == name for call in asked for one in call.args)
    if name:
        calls = find(function.body, Call)
        return any(isinstance(one, Name) and one.id == name for call in calls for one in call.args)
    return any(isinstance(around, Call) and _unwrapped(around) is not around for around in ancestors(choice)) or (
        isinstance(choice.parent, Call)
    )


def _name_of(choice: Binary) -> str:
    around = choice.parent
    while isinstance(around, Await | Call) and _is_text_of(around):
        around = around.parent
    return around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else ""


def _is_text_of(around: Expr) -> bool:
    return isinstance(around, Await) or (isinstance(around, Call) and around.name in ("str", "String"))
