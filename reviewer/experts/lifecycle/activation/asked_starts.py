"""Plugins in a process or worker of their own that are woken by a message: ``await port.call("boot", …)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Literal, Name, strip
from reviewer.code.walk import function_of
from reviewer.experts.lifecycle.hooks.hooks import HookUse, awaited, kind_of_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_ASKS: Final = frozenset({"call", "ask", "request", "invoke", "send_request", "rpc", "sendRequest"})


def asked_starts(module: Module) -> Iterator[HookUse]:
    """Yield the awaited requests to something that is held in a variable, whose text is the name of a waking hook."""
    for call in module.calls(_ASKS & module.identifiers):
        first = strip(call.args[0]) if call.args else None
        holder = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(first, Literal) or not isinstance(first.value, str) or not isinstance(holder, Name):
            continue
        if kind_of_name(first.value) == "start" and holder.id != "this" and (awaited(call) or _handed_to_awaited(call)):
            yield HookUse("start", first.value, call.callee, call, holder, call, function_of(call))


def _handed_to_awaited(call: Call) -> bool:
    """Tell whether a request is handed to what bounds it and is waited for: ``await timed(5, port.call("boot"))``."""
    around = call.parent
    return isinstance(around, Call) and around.callee is not call and awaited(around)
