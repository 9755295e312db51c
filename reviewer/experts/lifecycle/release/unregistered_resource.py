"""LIF250: a listener or an interval of an Obsidian plugin that nothing takes back when it is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, ExprStatement, Literal, Member, Name, Object, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.holding.fate import DROPPED, fates
from reviewer.experts.obsidian.plugin import is_plugin_code, means

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_EVENTS: Final = frozenset({"Workspace#on", "Vault#on", "MetadataCache#on", "Events#on"})
_GLOBAL: Final = frozenset({"window", "document", "activeWindow", "activeDocument", "document.body"})


@module_check("LIF250", words={"on", "listener", "interval"})
def unregistered_resource(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at events of the app, listeners of the whole window, and intervals."""
    if not is_plugin_code(inquiry, module) or "obsidian" not in module.identifiers:
        return
    for call in module.all(Call):
        if call.name == "on" and means(inquiry, module, call.callee) in _EVENTS and fates(module, call) == [DROPPED]:
            event = call.args[0] if call.args else None
            name = event.value if isinstance(event, Literal) and isinstance(event.value, str) else "an event"
            yield Match(
                call,
                f"Only the app knows of the listener of '{name}': it goes on after the plugin is switched off.",
                fix="Wrap it: this.registerEvent(…).",
            )
        elif call.name == "addEventListener" and _whole_window(call.receiver) and not _taken_off(module, call):
            yield Match(
                call,
                f"A listener of the whole '{_shown(module, call)}' is never taken off: it goes on after the plugin is "
                "switched off.",
                fix="Use this.registerDomEvent(…).",
            )
        elif call.name == "setInterval" and _repeats(module, call):
            yield Match(
                call,
                "The interval is never cleared: it goes on after the plugin is switched off.",
                fix="Wrap it: this.registerInterval(window.setInterval(…)).",
            )


def _whole_window(receiver: Expr | None) -> bool:
    if isinstance(receiver, Name):
        return receiver.id in _GLOBAL
    return (
        isinstance(receiver, Member)
        and isinstance(receiver.object, Name)
        and (f"{receiver.object.id}.{receiver.name}" in _GLOBAL)
    )


def _shown(module: Module, call: Call) -> str:
    return module.text_of(call.receiver)[:40] if call.receiver is not None else ""


def _taken_off(module: Module, call: Call) -> bool:
    """Tell whether a listener ends by itself, or some line of the file takes it off."""
    if not call.args:
        return True
    options = strip(call.args[2]) if len(call.args) > 2 else None
    if isinstance(options, Object) and any(options.get(name) is not None for name in ("once", "signal")):
        return True
    event = module.text_of(call.args[0])
    return any(other.args and module.text_of(other.args[0]) == event for other in module.calls({"removeEventListener"}))


def _repeats(module: Module, call: Call) -> bool:
    """Tell whether an interval is dropped, or kept in a field that nothing in the file clears."""
    receiver = call.receiver
    if receiver is not None and not _whole_window(receiver):
        return False
    kept = call.parent
    if isinstance(kept, Assign) and kept.value is call and is_this_member(strip(kept.target)):
        clears = [other for other in module.calls({"clearInterval", "registerInterval"}) if other.args]
        spelled = module.text_of(kept.target)
        return not any(spelled in module.text_of(other) for other in clears)
    return isinstance(call.parent, ExprStatement) or fates(module, call) == [DROPPED]
