"""LIF006: what is heard once is put on inside another function, which nobody is given and nothing can take off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Function, Name, Param, strip
from reviewer.code.walk import calls_in, class_of, find, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_PUTS: Final = frozenset(
    {"on", "subscribe", "listen", "addListener", "add_listener", "observe", "hear", "addHandler", "add_handler"}
)
_TAKES: Final = frozenset(
    "off unsubscribe unlisten removeListener remove_listener unobserve remove removeHandler remove_handler".split()
)


@module_check("LIF006", words={"once", "first"})
def wrapper_given_to_nobody(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each method that hands a function around its listener to the method by which listeners are put on."""
    if module.is_test:
        return
    for call in module.calls(_PUTS):
        cls = class_of(call)
        method = next((one for one in cls.methods if inside(call, one)), None) if cls is not None else None
        if cls is None or method is None or method.name in _PUTS or not is_this_member(strip(call.callee)):
            continue
        put = strip(call.args[-1]) if len(call.args) > 1 else None
        wrapper = module.scopes.origin(put) if put is not None else None
        if use_of(call).how != "dropped" or not isinstance(wrapper, Function) or not inside(wrapper, method):
            continue
        heard = _listener(module, wrapper, method)
        if heard and any(one.name in _TAKES for one in cls.methods) and not _is_shown(put, wrapper, call, method):
            yield Match(
                call,
                f"What is put on here is a function around '{short(heard)}', and nobody is given it: who takes "
                f"'{short(heard)}' off again takes nothing off, and it waits for ever.",
            )


def _listener(module: Module, wrapper: Function, method: Function) -> str:
    """Return the parameter of a method that a function in it calls with what it is told."""
    for call in calls_in(wrapper.body):
        callee = strip(call.callee)
        bound = module.scopes.lookup(callee.id, callee) if isinstance(callee, Name) else []
        if isinstance(callee, Name) and len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is method:
            return callee.id
    return ""


def _is_shown(put: Expr | None, wrapper: Function, call: Call, method: Function) -> bool:
    """Tell whether a function is kept beside its listener, or given back: ``this.#around.set(listener, wrapper)``."""
    if not isinstance(put, Name):
        return False
    named = [one for one in find(method.body, Name) if one.id == put.id]
    return any(not inside(one, call) and not inside(one, wrapper) and not _is_made(one, wrapper) for one in named)


def _is_made(name: Name, wrapper: Function) -> bool:
    """Tell whether a name stands where the function gets it: ``const wrapper = …``."""
    around = name.parent
    return getattr(around, "value", None) is wrapper and getattr(around, "target", None) is name
