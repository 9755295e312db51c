"""LIF030: what a plugin is handed tells the host's handlers, and one of them is only there after it was woken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, in_handler
from reviewer.code.reach.links import definition
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    For,
    Function,
    Index,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.lifecycle.hooks import HookUse

_PUTS: Final = frozenset({"push", "append", "add", "set", "unshift"})


@module_check("LIF030", words=HOOK_WORDS)
def heard_too_late(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a handler enters, behind a start, the collection that the object handed to it goes through."""
    if module.is_test:
        return
    for use in hooks_of(module):
        told = _told(module, use) if use.kind == "start" else frozenset()
        late = next((node for node in _later(use) if _enters(module, node, told)), None) if told else None
        if late is not None:
            yield Match(
                late,
                f"The host listens only after '{module.text_of(use.member)}' has run: whatever the plugin emits during "
                "its activation is lost.",
                related=((use.call, "activated here"),),
            )


def _later(use: HookUse) -> Iterator[Node]:
    for node in after(use.site):
        behind = node.raw.start_byte >= use.site.raw.end_byte and in_handler(node) is None
        if behind and function_of(node) is function_of(use.site):
            yield node


def _told(module: Module, use: HookUse) -> frozenset[str]:
    """Return the names of the collections whose functions are called by what a start is handed."""
    handed = [arg for arg in use.call.args if strip(arg) is not use.member]
    return frozenset(name for arg in handed for one in _functions(module, arg) for name in _called_all(one))


def _functions(module: Module, given: Expr) -> Iterator[Function]:
    """Yield the functions that stand in what is handed over: itself, its members, and what it is made with."""
    for where, value in values_of(module, given):
        if isinstance(value, Function):
            yield value
        elif isinstance(value, Object):
            yield from (held for _key, one in value.entries if isinstance(held := strip(one), Function))
        elif isinstance(value, Member | Name):
            found = definition(where, value)
            if isinstance(found, Function):
                yield found
        elif isinstance(value, Call) and isinstance(definition(where, value.callee), Class):
            for arg in value.args:
                held = strip(arg)
                if isinstance(held, Function):
                    yield held


def _called_all(function: Function) -> Iterator[str]:
    """Yield the collections of which a function calls each item: ``for (const hear of ears[topic]) hear(data)``."""
    for loop in find(function.body, For):
        items = names_in(loop.target) if loop.target is not None else set()
        if loop.iterable is None or not any(_is_item(call, items) for call in calls_in(loop.body)):
            continue
        for node in (*find(loop.iterable, Member), *find(loop.iterable, Name)):
            name = last_word(node)
            if name not in items and len(name) > 1 and name not in ("get", "values", "this", "self", "list", "tuple"):
                yield name


def _is_item(call: Call, items: set[str]) -> bool:
    callee = strip(call.callee)
    return isinstance(callee, Name) and callee.id in items


def _enters(module: Module, node: Node, told: frozenset[str]) -> bool:
    """Tell whether a step puts a function into one of the collections, itself or in a function that it calls."""
    if isinstance(node, Assign):
        return node.value is not None and _into(node.target, told) and _is_function(module, node.value)
    if not isinstance(node, Call):
        return False
    if not any(_is_function(module, arg) for arg in node.args):
        return False
    if node.name in _PUTS and node.receiver is not None and _into(node.receiver, told):
        return True
    target = definition(module, node.callee)
    return isinstance(target, Function) and any(
        call.name in _PUTS and call.receiver is not None and _into(call.receiver, told)
        for call in calls_in(target.body)
    )


def _into(holder: Expr, told: frozenset[str]) -> bool:
    holder = strip(holder)
    while isinstance(holder, Member | Index | Call):
        if isinstance(holder, Member) and holder.name in told:
            return True
        holder = strip(holder.callee if isinstance(holder, Call) else holder.object)
    return isinstance(holder, Name) and holder.id in told


def _is_function(module: Module, value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Array):
        return any(_is_function(module, item) for item in value.items)
    if not isinstance(value, Name):
        return isinstance(value, Function)
    return isinstance(definition(module, value), Function) or isinstance(module.scopes.origin(value), Param)
