"""COM054: the reply to a message of a browser extension comes when nobody listens any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Await, Call, Function, Literal, Member, Name, Node, Return, strip
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.subscriptions import handler_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LATER: Final = frozenset({"then", "setTimeout", "catch", "finally"})
_CHANNELS: Final = frozenset({"onMessage", "onMessageExternal"})


@module_check("COM054", words={"message", "external"})
def reply_too_late(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each listener of runtime messages that replies later for whether it keeps the channel open."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls({"addListener"}):
        channel = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(channel, Member) or channel.name not in _CHANNELS or not call.args:
            continue
        handler = handler_of(module, call.args[0])
        if handler is None or len(handler.params) < 3 or not handler.params[2].name:
            continue
        late = _late_reply(handler, handler.params[2].name)
        if late is None:
            continue
        if handler.asynchronous:
            yield Match(
                late,
                f"The listener is asynchronous and so returns a promise, not true: the channel is closed before "
                f"'{handler.params[2].name}' is called, and the sender gets undefined.",
                related=((handler, "the listener"),),
            )
        elif not _keeps_open(handler):
            yield Match(
                late,
                f"'{handler.params[2].name}' is called after the listener has returned, which does not return true: "
                "the channel is closed, and the sender gets undefined.",
                related=((handler, "the listener"),),
            )


def _late_reply(handler: Function, name: str) -> Node | None:
    """Return the first reply that is given after the listener has returned or waited."""
    waits = False
    for node in walk(handler.body):
        if isinstance(node, Await) and function_of(node) is handler:
            waits = True
        if not isinstance(node, Name) or node.id != name or not isinstance(node.parent, Call):
            continue
        call, later = node.parent, function_of(node) is not handler or (waits and handler.asynchronous)
        if (call.callee is node and later) or (call.callee is not node and call.name in _LATER):
            return call
    return None


def _keeps_open(handler: Function) -> bool:
    """Tell whether a listener returns true, or something that may be true."""
    for statement in returns_of(handler):
        if statement.value is None:
            continue
        value = strip(statement.value)
        if not (isinstance(value, Literal) and value.value in (False, None)):
            return True
    whole = handler.body[0] if len(handler.body) == 1 else None
    return isinstance(whole, Return) and any(call.name != "" for call in calls_in([whole]))
