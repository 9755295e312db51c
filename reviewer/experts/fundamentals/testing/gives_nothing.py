"""Calls that give nothing, or a promise, whatever they do: asking for it says nothing of the code under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import falls_off, returns_of
from reviewer.code.reach.handed import made_member
from reviewer.code.reach.links import class_of_value, declared_member, declared_type, definition, is_async
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Expr,
    ExprStatement,
    Function,
    Member,
    Name,
    Node,
    Return,
    is_nothing,
    strip,
    uncast,
)
from reviewer.code.text.promise_types import is_promise_type
from reviewer.code.walk import find, function_of

if TYPE_CHECKING:
    from reviewer.code.module import Module

_NOTHING: Final = frozenset({"void", "None", "Promise<void>", "Promise<undefined>", "undefined"})
_SETTLES: Final = frozenset({"then", "catch", "finally"})
_STARTS: Final = frozenset({"create_task", "ensure_future"})


def gives_nothing(module: Module, value: Expr) -> bool:
    """Tell whether a value is what a function of the subject gave that never gives anything."""
    value = strip(value)
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    target = _reached(module, made) if isinstance(made, Call) and not made.new else None
    if not isinstance(target, Function) or target.generator:
        return False
    if target.signature_only:
        return "".join(target.returns.split()) in _NOTHING
    return falls_off(target) and all(_is_nothing(one) for one in returns_of(target))


def _is_nothing(answer: Return) -> bool:
    return answer.value is None or is_nothing(answer.value)


def _reached(module: Module, call: Call) -> Node | None:
    """Return the function that a call reaches, also as a member of what a factory of the subject has made."""
    found = definition(module, call.callee)
    holder = strip(call.callee)
    if found is not None or not isinstance(holder, Member):
        return found
    made = module.scopes.origin(holder.object)
    found = made_member(module, made, holder.name) if isinstance(made, Call) else None
    owner = class_of_value(module, holder.object) if found is None else None
    return declared_member(owner, holder.name) if owner is not None else found


def promised(module: Module, value: Expr) -> bool:
    """Tell whether a value is a promise, a coroutine or a task, which is there whatever becomes of it."""
    value = uncast(value)
    if isinstance(value, Name):
        bound = module.scopes.lookup(value.id, value)
        only = bound[0] if len(bound) == 1 else None
        if isinstance(only, Assign) and _is_waited_for(value):
            return not isinstance(uncast(only.value) if only.value is not None else None, Await)
        value = uncast(only.value) if isinstance(only, Assign) and only.op == "=" and only.value is not None else value
    if not isinstance(value, Call) or value.new:
        return False
    if module.language == "python":
        return value.name in _STARTS or is_async(module, value) is True
    settles = value.name in _SETTLES and value.receiver is not None and bool(value.args)
    if settles or is_async(module, value) is True or _is_async(_reached(module, value)):
        return True
    return module.language == "typescript" and is_promise_type(declared_type(module, value))


def _is_waited_for(name: Name) -> bool:
    """Tell whether a test does with a name what only a promise is there for: ``result.catch(() => undefined)``."""
    function = function_of(name)
    uses = (one.parent for one in find(function.body, Name) if one.id == name.id) if function is not None else ()
    return any(
        isinstance(use, Member) and use.name in _SETTLES and isinstance(use.parent, Call) and use.parent.callee is use
        for use in uses
    )


def _is_async(target: Node | None) -> bool:
    return isinstance(target, Function) and target.asynchronous and not target.generator


def throws_late(module: Module, work: Expr) -> str:
    """Return the spelling of a function that is handed to an assertion about throwing and only gives a promise."""
    found = definition(module, work)
    if not isinstance(found, Function) or found.generator:
        return ""
    last = found.body[-1] if found.body else None
    value = last.value if isinstance(last, Return | ExprStatement) else None
    if found.asynchronous or (len(found.body) == 1 and value is not None and _starts(module, value)):
        return module.text_of(value) if value is not None else module.text_of(work)
    return ""


def _starts(module: Module, value: Expr) -> bool:
    return not isinstance(value, Await) and isinstance(uncast(value), Call) and promised(module, value)
