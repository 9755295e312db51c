"""COM005: a handler of a plugin writes into what it was sent, which others hear as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Delete, Expr, Function, Index, Member, Name, Unary, strip
from reviewer.code.walk import find, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.subject.ecosystem import GENERIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_HEARS: Final = ("on", "once", "subscribe", "listen", "addListener", "add_listener")
_BUSES: Final = frozenset({"eventBus", "event_bus", "events", "bus"})
_CHANGES: Final = frozenset(
    "push splice sort reverse pop shift unshift append extend insert remove clear update setdefault popitem".split()
)
_REPLIES: Final = frozenset(
    {"handled", "cancelled", "canceled", "defaultPrevented", "returnValue", "result", "stopped"}
)
"""Members by which a handler is meant to answer."""


@module_check("COM005", words={"bus", "events"})
def payload_written(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each handler that a plugin puts on the bus of its context for what it changes of the event."""
    if module.is_test or inquiry.subject.kind != "plugin" or inquiry.subject.ecosystem != GENERIC:
        return
    for call in module.calls(_HEARS):
        handler = _handler(module, call) if len(call.args) > 1 else None
        if handler is None or not handler.params or not _of_bus(module, call):
            continue
        params = [one for one in handler.params if one.name not in ("self", "this")]
        change = _change(handler, params[0].name) if params and params[0].name else None
        if change is not None:
            yield Match(
                change,
                f"'{short(module.text_of(change))}' writes into what the bus has sent: the handlers after it, and "
                "the sender, find there what nobody sent, or the write fails where the host has frozen it.",
                fix="Work on a copy, and tell what there is to tell by an event or a call of your own.",
                confidence=Confidence.LIKELY,
            )


def _of_bus(module: Module, call: Call) -> bool:
    """Tell whether a call is one of the bus of the context: ``context.eventBus.on``."""
    parts = module.resolve(call.callee).removeprefix("this.").lstrip("_#").split(".")
    return len(parts) == len(("context", "bus", "verb")) and parts[0] in ("context", "ctx") and parts[1] in _BUSES


def _handler(module: Module, call: Call) -> Function | None:
    given = strip(call.args[1])
    made = given if isinstance(given, Function) else definition(module, given)
    return made if isinstance(made, Function) and made.module is module else None


def _change(handler: Function, name: str) -> Node | None:
    """Return the first place where a handler changes what stands in its event, unless it gave the name to a copy."""
    if any(isinstance(one.target, Name) and one.target.id == name for one in find(handler.body, Assign)):
        return None
    for node in walk(handler.body):
        target: Expr | None = None
        if isinstance(node, Assign) and not node.declare:
            target = node.target
        elif isinstance(node, Unary) and node.op == "delete":
            target = node.operand
        elif isinstance(node, Delete) and node.targets:
            target = node.targets[0]
        elif isinstance(node, Call) and node.name in _CHANGES and isinstance(node.receiver, Member | Index):
            target = node.receiver
        if target is not None and _is_part(target, name):
            return node
    return None


def _is_part(target: Expr, name: str) -> bool:
    """Tell whether something is a part of the event, and none by which a handler is meant to answer."""
    held = strip(target)
    if not isinstance(held, Member | Index) or (isinstance(held, Member) and held.name in _REPLIES):
        return False
    while isinstance(held, Member | Index):
        held = strip(held.object)
    return isinstance(held, Name) and held.id == name
