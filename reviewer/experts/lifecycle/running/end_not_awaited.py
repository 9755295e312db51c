"""LIF206: an extension of an editor begins work in deactivate, and gives the editor nothing to wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import is_async
from reviewer.code.syntax import Await, Call, ExprStatement, Function, Unary, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.editor.mementos import is_memento
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_CLIENTS: Final = frozenset({"client", "languageclient"})
_CAUGHT: Final = frozenset({"catch", "then", "finally"})


@module_check("LIF206", words={"deactivate"})
def end_not_awaited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every call in deactivate whose promise is dropped."""
    if module.is_test:
        return
    for function in module.functions:
        if function.name != "deactivate" or function.owner is not None or function.outer is not None:
            continue
        for statement in find(function.body, ExprStatement, into_functions=False):
            call = _dropped(statement.value)
            if call is not None and _takes_time(module, call):
                yield Match(
                    call,
                    f"'{short(module.text_of(call.callee))}' is begun in deactivate, and its promise is not given "
                    "back: the editor ends the extension without waiting for it.",
                )


def _dropped(expr: Expr) -> Call | None:
    """Return the call whose result a statement drops, behind ``void`` or a ``catch``."""
    if isinstance(expr, Unary) and expr.op == "void":
        expr = expr.operand
    if isinstance(expr, Await):
        return None
    while isinstance(expr, Call) and expr.name in _CAUGHT and expr.receiver is not None:
        expr = strip(expr.receiver)
    return expr if isinstance(expr, Call) else None


def _takes_time(module: Module, call: Call) -> bool:
    """Tell whether a call gives a promise: by its function, or because the editor's own types say so."""
    if isinstance(call.callee, Function) or is_async(module, call) is True:
        return is_async(module, call) is True
    if call.name == "update" and len(call.args) > 1 and call.receiver is not None:
        return is_memento(module, call.receiver)
    return call.name == "stop" and bool(set(last_words(call.receiver)) & _CLIENTS)
