"""The messages between the parts of an extension: what is sent by which name, and who listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.links import definition
from reviewer.code.syntax import Binary, Call, Expr, Function, Index, Literal, Member, Name, Object, Switch, strip
from reviewer.code.walk import find
from reviewer.core.location import Location
from reviewer.experts.browser.api import calls_of, has_api
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KEYS: Final = (
    "type", "action", "cmd", "command", "kind", "method", "op", "event", "request", "what", "subject", "message", "msg",
    "name", "id", "msgType", "messageType",
)  # fmt: skip
"""Members of a message that say what it is about, the most usual first."""
_EVENTS: Final = (
    "runtime.onMessage.addListener",
    "runtime.onMessageExternal.addListener",
    "extension.onMessage.addListener",
)
_SENDS: Final = ("runtime.sendMessage", "tabs.sendMessage")


class Sent(Fact, frozen=True):
    """One message that is sent under a fixed name."""

    key: str
    name: str
    at: Location


class Spoken(Fact, frozen=True):
    """What one module says of messages.

    ``compared`` are the texts that its listeners look for, ``listens`` tells whether there is a listener, ``open``
    whether one takes whatever comes, hands it on whole or looks it up in a table.
    """

    sent: tuple[Sent, ...]
    compared: frozenset[str]
    listens: bool
    open: bool


def _draw(_inquiry: Inquiry, module: Module) -> Spoken | None:
    if module.language == "python" or not has_api(module):
        return None
    sent = tuple(one for path, call in calls_of(module, *_SENDS) if (one := _sent(module, path, call)) is not None)
    compared: set[str] = set()
    listens = opened = False
    for _, call in calls_of(module, *_EVENTS):
        listens = True
        handler = definition(module, call.args[0]) if call.args else None
        texts = compared_texts(module, handler) if isinstance(handler, Function) else None
        if texts is None:
            opened = True
        else:
            compared |= texts
    return Spoken(sent, frozenset(compared), listens, opened) if sent or listens else None


SPOKEN: Final = Drawn("browser.messages", _draw, Spoken, naming=("chrome", "browser", "polyfill"), tests=False)


def _sent(module: Module, path: str, call: Call) -> Sent | None:
    """Return what a call sends, where its name is fixed; another extension or a native program is no part of this."""
    position = 1 if path.startswith("tabs.") else 0
    message = call.arg(position)
    if position == 0 and len(call.args) > 1 and not isinstance(strip(call.args[1]), Function | Object):
        return None  # the first argument is the id of another extension
    shape = module.scopes.origin(message) if isinstance(message, Name) else message
    if not isinstance(shape, Object):
        return None
    for key in _KEYS:
        value = shape.get(key)
        name = fixed_text(module, value) if value is not None else ""
        if name:
            return Sent(key, name, locate(module, call))
    return None


def compared_texts(module: Module, handler: Function) -> frozenset[str] | None:
    """Return the texts that a listener holds what it gets against; None where it takes anything or hands it on."""
    if not handler.params:
        return None
    first = handler.params[0]
    names = {first.name, *first.fields.values()} - {""}
    found: set[str] = set()
    for node in find(handler, Binary):
        if node.op in ("==", "!="):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                text = fixed_text(module, side)
                if text and _is_of(other, names):
                    found.add(text)
    for switch in find(handler, Switch):
        if _is_of(switch.subject, names):
            found.update(text for case in switch.cases for test in case.tests if (text := fixed_text(module, test)))
    looked_up = any(_is_of(index.key, names) for index in find(handler, Index))
    return None if not found or looked_up or _handed_on(handler, names) else frozenset(found)


def _is_of(expr: Expr, names: set[str]) -> bool:
    """Tell whether an expression is a message or a member of one."""
    expr = strip(expr)
    while isinstance(expr, Member):
        expr = strip(expr.object)
    return isinstance(expr, Name) and expr.id in names


def _handed_on(handler: Function, names: set[str]) -> bool:
    """Tell whether a listener gives the whole message to somebody else."""
    return any(
        isinstance(argument, Name)
        and argument.id in names
        and call.name not in ("log", "info", "debug", "warn", "error")
        for call in find(handler, Call)
        for argument in call.args
    )


def is_text(expr: Expr) -> bool:
    """Tell whether an expression is a plain text."""
    return isinstance(expr, Literal) and isinstance(expr.value, str)
