"""Functions that a message from outside reaches: of a window, a process, a socket, a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.elements import GIVES
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Expr, For, Function, Member, Name, Node, While, strip
from reviewer.code.walk import calls_in, names_in, walk
from reviewer.experts.communication.constants import fixed_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_LISTENS: Final = frozenset({"on", "once", "addListener", "addEventListener", "prependListener"})
_TAKES: Final = frozenset({"onMessage", "onDidReceiveMessage", "onMessageReceived"})
"""Methods that take what hears a message: ``panel.onMessage((message) => …)``."""
_EVENTS: Final = frozenset({"message", "data", "line"})
_WINDOWS: Final = frozenset({"window", "globalThis", "self", "top", "parent"})
_READS: Final = frozenset({"readline", "recv", "receive", "receive_text", "recv_string", "read_message"})
_STREAMS: Final = frozenset(
    "stdin reader websocket ws socket sock stream connection conn pipe channel client stdout process proc readline "
    "lines messages iter_lines listen pubsub createinterface".split()
)

_DEEPEST: Final = 3
"""Functions that hand a message on, one to the next, which are followed."""
_MOST: Final = 12
"""Functions that one listener's messages are followed to."""


class Incoming(Struct, frozen=True):
    """A function that gets what somebody outside sent.

    ``place`` is the call or assignment that sets it up, ``event`` the name of the event, ``window`` tells
    whether any page can send it, ``path`` are the functions that handed the message on, the first one first.
    """

    function: Function
    place: Node
    event: str
    window: bool
    path: tuple[Function, ...] = ()

    @property
    def via(self) -> Function | None:
        """The function that handed the message on, if one did."""
        return self.path[-1] if self.path else None


def incoming(module: Module) -> Iterator[Incoming]:
    """Yield the functions that messages from outside reach in scripts, at once or through further calls."""
    for call in module.calls(_LISTENS & module.identifiers):
        event = fixed_text(module, call.args[0]) if len(call.args) > 1 else ""
        if event in _EVENTS:
            window = call.name == "addEventListener" and _is_window(module, call.receiver)
            yield from _reached(module, call, call.args[1], event, window)
    for call in module.calls(_TAKES):
        if len(call.args) in (1, 2, 3) and not call.new:
            yield from _reached(module, call, call.args[0], "message", False)
    if "onmessage" not in module.identifiers:
        return
    for assign in module.all(Assign):
        target = assign.target
        if assign.value is not None and getattr(target, "name", getattr(target, "id", "")) == "onmessage":
            receiver = target.object if isinstance(target, Member) else None
            yield from _reached(module, assign, assign.value, "message", _is_window(module, receiver))


def _reached(module: Module, place: Node, handler: Expr, event: str, window: bool) -> Iterator[Incoming]:
    function = _function(module, handler)
    pending = [Incoming(function, place, event, window)] if function is not None else []
    seen = {id(function)}
    while pending:
        found = pending.pop(0)
        yield found
        if len(found.path) == _DEEPEST:
            continue
        for target in _handed_on(module, found.function):
            if id(target) not in seen and len(seen) < _MOST:
                seen.add(id(target))
                pending.append(Incoming(target, place, event, window, (*found.path, found.function)))


def _handed_on(module: Module, function: Function) -> Iterator[Function]:
    """Yield the functions of the file that get what a function was given, or a part of it."""
    given = _given(function)
    for call in calls_in(function.body, into_functions=False):
        taken = call.callee
        if call.name in GIVES and call.receiver is not None and call.args:
            if not names_in(call.receiver, into_functions=False) & given:
                continue
            taken = call.args[0]
        elif not any(names_in(argument, into_functions=False) & given for argument in call.args):
            continue
        target = definition(module, taken)
        if isinstance(target, Function) and target.module is module and target is not function:
            yield target


def _given(function: Function) -> set[str]:
    """Return the names in a function that hold what it was given, or a part of it."""
    given = {name for p in function.params for name in (p.name, *p.fields.values())} - {""}
    for node in walk(function.body, into_functions=False):
        target, value = None, None
        if isinstance(node, For):
            target, value = node.target, node.iterable
        elif isinstance(node, Assign) and isinstance(node.target, Name):
            target, value = node.target, node.value
        if target is not None and value is not None and names_in(value, into_functions=False) & given:
            given |= names_in(target)
    return given


def _function(module: Module, handler: Expr) -> Function | None:
    handler = strip(handler)
    if isinstance(handler, Call) and handler.name == "bind":
        handler = strip(handler.receiver) if handler.receiver is not None else handler
    found = definition(module, handler)
    return found if isinstance(found, Function) else None


def _is_window(module: Module, receiver: Expr | None) -> bool:
    if receiver is None:
        return True
    return module.resolve(receiver) in _WINDOWS or (
        isinstance(strip(receiver), Name) and getattr(strip(receiver), "id", "") in _WINDOWS
    )


def message_loops(module: Module) -> Iterator[For | While]:
    """Yield the loops over what a stream, a pipe or a socket brings."""
    for waiting in module.all(While):
        if any(call.name in _READS for call in calls_in([waiting.test, *waiting.body], into_functions=False)):
            yield waiting
    for loop in module.all(For):
        iterable = strip(loop.iterable) if loop.iterable is not None else None
        while isinstance(iterable, Call):
            iterable = strip(iterable.args[0] if iterable.args and iterable.name == "iter" else iterable.callee)
        name = getattr(iterable, "name", getattr(iterable, "id", "")).lower().lstrip("_")
        if name in _STREAMS or (loop.asynchronous and name.rstrip("s") in ("message", "line", "event", "frame")):
            yield loop
