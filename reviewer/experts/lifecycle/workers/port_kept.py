"""LIF226: a background keeps every port that is opened to it, also those whose page has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Assign, Call, Export, Expr, Function, Name, Unary, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.browser.api import calls_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_EVENTS: Final = ("runtime.onConnect.addListener", "runtime.onConnectExternal.addListener")
_ENTERS: Final = frozenset({"add", "push", "unshift", "set"})
_LETS_GO: Final = frozenset({"delete", "splice", "clear", "pop", "shift"})
_COLLECTIONS: Final = frozenset({"Map", "Set"})


@module_check("LIF226", words={"connect"})
def port_kept(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the collections of the file that listeners of connections enter their port in."""
    if module.is_test:
        return
    for _path, call in calls_of(module, *_EVENTS):
        listener = definition(module, call.args[0]) if call.args else None
        if not isinstance(listener, Function) or not listener.params or listener.module is not module:
            continue
        for entering in find(listener, Call):
            kept = _kept(module, entering, listener.params[0].name)
            if kept and not _let_go(module, kept) and not _is_shared(module, kept):
                yield Match(
                    entering,
                    f"'{kept}' takes every port in and lets none go: when a page is closed its port stays, and posting "
                    "to it throws.",
                )


def _kept(module: Module, call: Call, port: str) -> str:
    """Return the collection at the top of the file that a call enters the port in."""
    held = strip(call.receiver) if call.receiver is not None else None
    given = strip(call.args[-1]) if call.args else None
    if call.name not in _ENTERS or not isinstance(held, Name) or not isinstance(given, Name) or given.id != port:
        return ""
    bound = module.scopes.lookup(held.id, held)
    made = bound[0] if len(bound) == 1 else None
    top = isinstance(made, Assign) and function_of(made) is None and made.value is not None
    return held.id if top and isinstance(made, Assign) and _is_collection(made.value) else ""


def _is_collection(value: Expr | None) -> bool:
    value = strip(value) if value is not None else None
    return isinstance(value, Array) or (isinstance(value, Call) and value.new and value.name in _COLLECTIONS)


def _let_go(module: Module, kept: str) -> bool:
    """Tell whether something is ever taken out of a collection, or it is given another value."""
    if any(isinstance(one.receiver, Name) and one.receiver.id == kept for one in module.calls(_LETS_GO)):
        return True
    if any(
        isinstance(one.operand, Expr) and kept in module.text_of(one) for one in module.all(Unary) if one.op == "delete"
    ):
        return True
    return any(not one.declare and isinstance(one.target, Name) and one.target.id == kept for one in module.all(Assign))


def _is_shared(module: Module, kept: str) -> bool:
    """Tell whether other files, or functions that it is handed to, may take something out."""
    exported = any(kept in module.text_of(one) for one in module.all(Export))
    handed = any(isinstance(arg, Name) and arg.id == kept for call in module.all(Call) for arg in call.args)
    return exported or handed
