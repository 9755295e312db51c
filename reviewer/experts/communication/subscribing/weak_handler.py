"""COM162: a handler of somebody else is held by a weak reference alone, and is gone at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Name, Node, Param, strip
from reviewer.code.text.ideas import HANDLER
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.aliases import alias_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HANDLERS: Final = HANDLER | frozenset("func function fn method slot callable".split())
_AWARE: Final = frozenset({"WeakMethod", "ismethod", "__self__", "__func__"})
"""Whoever names one of these knows that bound methods are made anew each time."""


@module_check("COM162", words={"weakref", "weak", "ref"})
def weak_handler(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each weak reference for a function that was handed in."""
    if module.is_test or module.identifiers & _AWARE:
        return
    for assign in module.all(Assign):
        held = strip(assign.value) if assign.value is not None else None
        if isinstance(held, Name) and isinstance(assign.target, Index) and _is_weak_table(module, assign.target.object):
            yield from _told(module, assign, held)
    for call in module.calls(("ref", "WeakRef", "add", "proxy")):
        if len(call.args) != 1 or not _is_weak(module, call):
            continue
        held = strip(call.args[0])
        if isinstance(held, Name):
            yield from _told(module, call, held)


def _told(module: Module, at: Node, held: Name) -> Iterator[Match]:
    if _is_handler(module, held):
        yield Match(
            at,
            f"Nothing but this weak reference holds '{held.id}': a bound method or a lambda that is handed in is "
            "gone as soon as this returns, and is never called.",
        )


def _is_weak_table(module: Module, holder: Expr) -> bool:
    made = module.scopes.origin(holder)
    return isinstance(made, Call) and module.resolve(made.callee).endswith("weakref.WeakValueDictionary")


def _is_weak(module: Module, call: Call) -> bool:
    if call.name == "add":
        made = module.scopes.origin(call.receiver) if call.receiver is not None else None
        return isinstance(made, Call) and module.resolve(made.callee).endswith("weakref.WeakSet")
    if call.name == "WeakRef":
        return call.new and module.language != "python"
    return module.resolve(call.callee) in ("weakref.ref", "weakref.proxy")


def _is_handler(module: Module, held: Expr) -> bool:
    """Tell whether a name is a function that the caller of this one hands in."""
    if not isinstance(held, Name):
        return False
    for binding in module.scopes.lookup(held.id, held):
        if not isinstance(binding, Param) or not isinstance(binding.parent, Function):
            continue
        named = words(held.id)
        typed = set(words(binding.type))
        alias = alias_text(module, binding.type.strip()) if binding.type else ""
        if "Callable" in alias or "=>" in alias:
            return True
        return bool(named and named[-1] in _HANDLERS) or bool(typed & (_HANDLERS - {"function", "method", "slot"}))
    return False
