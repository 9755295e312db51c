"""LIF054: a stack of what is to be undone is filled, what follows fails, and nobody has the stack to close it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Class,
    Function,
    Index,
    Member,
    Name,
    Node,
    Return,
    Try,
    With,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.stacks import STACKS
from reviewer.experts.lifecycle.hooks.hooks import uses_in
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FILLS: Final = frozenset(
    "enter_context enter_async_context callback push push_async_callback push_async_exit use adopt defer".split()
)
_CLOSES: Final = frozenset("close aclose dispose disposeAsync __exit__ __aexit__ pop_all move".split())
_KEEPS: Final = frozenset({"set", "push", "append", "add"})


@module_check("LIF054", words={"stack"})
def stack_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each stack that a function makes, fills and hands on for what may fail before it does."""
    if module.is_test:
        return
    starts = [use.site for use in uses_in(inquiry, module, "start")]
    for call in module.calls(STACKS):
        made, function = call.parent, function_of(call)
        if not isinstance(made, Assign) or function is None or not isinstance(made.target, Name):
            continue
        name = made.target.id
        if "using" in made.declare or _closed(function, name):
            continue
        filled = next((one for one in calls_in(function.body) if _fills(module, one, name)), None)
        kept = next((node for node in _kept(function, name) if filled is not None and node.start > filled.stop), None)
        if filled is None or kept is None:
            continue
        risk = next(_risks(function, starts, filled, kept), None)
        if risk is not None and guarding_try(risk) is None:
            yield Match(
                risk,
                f"When this fails, '{name}' is dropped with all that was put on it in line {filled.line}: nothing "
                "closes it, and what it should undo stays.",
                related=((filled, "put on here"), (kept, "kept only here")),
            )


def _fills(module: Module, call: Call, name: str) -> bool:
    """Tell whether a call puts something on a stack, or hands it to what does: ``Port(wheel, stack)``."""
    if call.name in _FILLS and is_called_on(call, name):
        return True
    at = next((place for place, one in enumerate(call.args) if isinstance(one, Name) and one.id == name), -1)
    if at < 0 or call.name in _KEEPS:
        return False
    target = definition(module, call.callee)
    taker = target.method("__init__") or target.method("constructor") if isinstance(target, Class) else target
    if not isinstance(target, Function | Class) or not isinstance(taker, Function):
        return False
    params = [one for one in taker.params if one.name not in ("self", "cls")]
    held = {params[at].name} if at < len(params) else set()
    held |= {
        last_name(one.target)
        for one in find(taker.body, Assign)
        if one.value is not None and isinstance(given := strip(one.value), Name) and given.id in held
    }
    return any(
        one.name in _FILLS and one.receiver is not None and last_name(one.receiver) in held
        for one in find(target, Call)
    )


def is_called_on(call: Call, name: str) -> bool:
    """Tell whether a call is one of a method of what has this name."""
    held = strip(call.receiver) if call.receiver is not None else None
    return isinstance(held, Name) and held.id == name


def _closed(function: Function, name: str) -> bool:
    """Tell whether a function closes a stack itself, or enters it as a whole."""
    if any(call.name in _CLOSES and is_called_on(call, name) for call in calls_in(function.body)):
        return True
    return any(
        isinstance(value := strip(held), Name) and value.id == name
        for block in find(function.body, With)
        for held, _target in block.items
    )


def _kept(function: Function, name: str) -> Iterator[Node]:
    """Yield where a function puts a stack where an end may find it, or gives it back."""
    for use in find(function.body, Name):
        if use.id != name:
            continue
        for around in ancestors(use):
            stored = isinstance(around, Assign) and isinstance(around.target, Member | Index)
            put = isinstance(around, Call) and around.name in _KEEPS and not is_called_on(around, name)
            if isinstance(around, Return) or (stored and use is not getattr(around, "target", None)) or put:
                yield around
                break
            if isinstance(around, Function | Try):
                break


def _risks(function: Function, starts: list[Call], filled: Call, kept: Node) -> Iterator[Node]:
    """Yield what may fail between the filling of a stack and the place where somebody gets hold of it."""
    waits = [
        one
        for one in find(function.body, Await, into_functions=False)
        if all(call is not filled for call in calls_in(one))
    ]
    awaited = {id(strip(wait)) for wait in waits}
    begun = [one for one in starts if function_of(one) is function and id(one) not in awaited]
    for node in sorted((*waits, *begun), key=lambda one: one.start):
        if filled.stop <= node.start < kept.start:
            yield node
