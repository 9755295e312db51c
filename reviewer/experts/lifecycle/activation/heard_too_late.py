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
    Literal,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.values import last_word, root_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_PUTS: Final = frozenset({"push", "append", "add", "set", "unshift"})


@module_check("LIF030", words=HOOK_WORDS)
def heard_too_late(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a handler enters, behind a start, the collection that the object handed to it goes through."""
    if module.is_test:
        return
    for use in hooks_of(module):
        if use.kind != "start":
            continue
        told, asked = _told(module, use, _called_all), _told(module, use, _called_one)
        later = list(_later(use)) if told or asked else []
        late = next((node for node in later if _enters(module, node, told)), None) if told else None
        if late is None and asked:
            late = next((node for node in later if _enters_own(module, node, asked, use)), None)
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


def _told(module: Module, use: HookUse, called: Callable[[Function], Iterator[str]]) -> frozenset[str]:
    """Return the names of the collections whose functions are called by what a start is handed."""
    handed = [arg for arg in use.call.args if strip(arg) is not use.member]
    found = [one for arg in handed for one in (*_functions(module, arg), *_made_with(module, arg))]
    return frozenset(name for one in found for name in called(one))


def _made_with(module: Module, given: Expr) -> Iterator[Function]:
    """Yield the functions with which a helper made what is handed over: ``makeDesk(id, badgeChanged).desk``."""
    held = strip(given)
    while isinstance(held, Member):
        held = strip(held.object)
    made = module.scopes.origin(held) if isinstance(held, Name) else held
    for arg in made.args if isinstance(made, Call) else ():
        found = definition(module, arg) if isinstance(strip(arg), Name | Member) else strip(arg)
        if isinstance(found, Function):
            yield found


def _functions(module: Module, given: Expr) -> Iterator[Function]:
    """Yield the functions that stand in what is handed over: itself, its members, and what it is made with."""
    for where, value in values_of(module, given):
        if isinstance(value, Function):
            yield value
        elif isinstance(value, Object):
            for _key, one in value.entries:
                held = strip(one)
                found = definition(where, held) if isinstance(held, Name) else held
                if isinstance(found, Function):
                    yield found
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


def _called_one(function: Function) -> Iterator[str]:
    """Yield the collections of which a function calls the one that it looks up: ``ears.get(plugin)?.(text)``."""
    for call in calls_in(function.body):
        callee = strip(call.callee)
        found = function.module.scopes.origin(callee) if isinstance(callee, Name) else callee
        if isinstance(found, Call) and found.name == "get" and found.receiver is not None and found.args:
            yield last_word(found.receiver)
        elif isinstance(found, Index) and not isinstance(strip(found.key), Literal):
            yield last_word(found.object)


def _enters_own(module: Module, node: Node, asked: frozenset[str], use: HookUse) -> bool:
    """Tell whether a step enters a function of the host for one plugin, in which that plugin itself has no part."""
    if isinstance(node, Call):
        put = node.args[-1] if node.name == "set" and len(node.args) == 2 else None
        holder, key = node.receiver, node.args[0] if node.args else None
    elif isinstance(node, Assign) and isinstance(node.target, Index):
        put, holder, key = node.value, node.target.object, node.target.key
    else:
        return False
    own = put is not None and isinstance(strip(put), Function) and root_name(use.receiver) not in names_in(put)
    frame = {name for one in (use.frame.params if use.frame is not None else ()) for name in (one.name, *one.fields)}
    return own and holder is not None and _into(holder, asked) and key is not None and bool(names_in(key) & frame)


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
