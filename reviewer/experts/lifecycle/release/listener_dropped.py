"""LIF331: a listener of Home Assistant is registered, and what would remove it is thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import ExprStatement
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.integration.facts import is_integration, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Function
    from reviewer.experts.check import Inquiry

_ON_OBJECTS: Final = frozenset({"async_listen", "add_update_listener"})
_STARTS: Final = {
    "async_setup_entry": "entry.async_on_unload(…)",
    "async_added_to_hass": "self.async_on_remove(…)",
}
"""Functions that run again when an entry is reloaded, each with what takes the remover."""


@module_check("LIF331", words={"async"})
def listener_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for registrations that stand as statements of their own in a function of a beginning."""
    if module.is_test or not is_integration(inquiry):
        return
    listeners = frozenset(said(inquiry, "listeners"))
    for call in module.calls(listeners | _ON_OBJECTS):
        statement = call.parent
        function = _start(call)
        if not isinstance(statement, ExprStatement) or function is None or not _listens(module, call, listeners):
            continue
        yield Match(
            call,
            f"'{call.name}' returns what removes the listener, and here it is thrown away: after a reload the old one "
            f"goes on listening. Hand it to {_STARTS[function.name]}.",
        )


def _listens(module: Module, call: Call, listeners: frozenset[str]) -> bool:
    if call.name in listeners:
        return "homeassistant" in module.resolve(call.callee)
    receiver = module.text_of(call.receiver) if call.receiver is not None else ""
    if call.name == "async_listen":
        return receiver.endswith("hass.bus")
    return "entry" in receiver


def _start(call: Call) -> Function | None:
    """Return the function of a beginning that a call stands in itself, not in a function inside it."""
    function = function_of(call)
    return function if function is not None and function.name in _STARTS else None
