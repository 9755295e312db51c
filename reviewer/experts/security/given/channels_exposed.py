"""SEC016: a page is handed the host's message channel itself, and picks what it says on which one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Expr, Function, Literal, Member, Name, Object, strip
from reviewer.code.walk import calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.security.values.guards import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SPEAKS: Final = frozenset({"invoke", "send", "sendSync", "on", "once", "postMessage", "addListener", "sendToHost"})


@module_check("SEC016", words={"expose", "renderer"})
def channels_exposed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a preload script puts into the world of the page."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls({"exposeInMainWorld", "exposeInIsolatedWorld"}):
        world = module.scopes.origin(call.args[-1]) if len(call.args) > 1 else None
        for key, value in world.entries if isinstance(world, Object) else ():
            name = str(key.value) if isinstance(key, Literal) else ""
            at = _free(module, strip(value))
            if at is not None:
                yield Match(
                    at,
                    f"'{name}' lets the page name the channel: it says and hears whatever the host's own pages can, "
                    "operations that were meant for nobody but them included.",
                    fix="Expose one function for each operation, with the channel written out in it.",
                )
                break


def _free(module: Module, value: Expr) -> Expr | None:
    """Return where a channel is free to choose: the renderer's end itself, or a function that takes the channel."""
    if isinstance(value, Name | Member) and _is_renderer(module, value):
        return value
    if not isinstance(value, Function):
        return None
    own = {param.name for param in value.params if not param.rest}
    for call in calls_in(value.body):
        if call.name not in _SPEAKS or call.receiver is None or not _is_renderer(module, call.receiver):
            continue
        channel = strip(call.args[0]) if call.args else None
        if isinstance(channel, Name) and channel.id in own and not limited(module, [channel], call):
            return value
    return None


def _is_renderer(module: Module, expr: Expr) -> bool:
    held = strip(expr)
    if isinstance(held, Member) and held.name in _SPEAKS:
        held = strip(held.object)
    return set(last_words(held)) >= {"ipc", "renderer"} or "ipcRenderer" in module.resolve(held)
