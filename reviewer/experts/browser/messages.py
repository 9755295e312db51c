"""The messages between the parts of an extension: what is sent by which name, and who listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Member, Name, Object, strip
from reviewer.core.location import Location
from reviewer.experts.browser.api import calls_of, has_api
from reviewer.experts.communication.compared import compared_texts, kinds_compared, name_of, says_nothing_of_kind
from reviewer.experts.communication.sent_through import sent_through
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_EVENTS: Final = (
    "runtime.onMessage.addListener",
    "runtime.onMessageExternal.addListener",
    "extension.onMessage.addListener",
)
_CONNECTS: Final = ("runtime.connect", "tabs.connect", "extension.connect")
_CONNECTED: Final = (
    "runtime.onConnect.addListener",
    "runtime.onConnectExternal.addListener",
    "extension.onConnect.addListener",
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
    whether one takes whatever comes, hands it on whole or looks it up in a table. ``kinds`` are the kinds that a
    listener for the extension's own parts looks for, ``outside`` those that one for others does; ``vague`` tells that
    something is sent of which it can't be seen what it is about.
    """

    sent: tuple[Sent, ...]
    compared: frozenset[str]
    listens: bool
    open: bool
    kinds: tuple[Sent, ...] = ()
    outside: frozenset[str] = frozenset()
    vague: bool = False


def _draw(_inquiry: Inquiry, module: Module) -> Spoken | None:
    if module.language == "python" or not has_api(module):
        return None
    sending = list(calls_of(module, *_SENDS))
    sent = [one for path, call in sending for one in _sent(module, path, call)]
    ports = _ports(module)
    posted = [call for call in module.calls({"postMessage"}) if _text(module, call.receiver) in ports]
    for call in posted:
        named = name_of(module, call.arg(0))
        sent += [Sent(*named, locate(module, call))] if named is not None else []
    compared: set[str] = set()
    listens = opened = False
    kinds: list[Sent] = []
    outside: set[str] = set()
    for path, call in [*calls_of(module, *_EVENTS), *_heard_by(module, ports)]:
        listens = True
        handler = definition(module, call.args[0]) if call.args else None
        texts = compared_texts(module, handler) if isinstance(handler, Function) else None
        if texts is None:
            opened = True
        else:
            compared |= texts
        looked = list(kinds_compared(module, handler)) if isinstance(handler, Function) else []
        if "External" in path:
            outside.update(name for name, _, _ in looked)
        else:
            kinds += [Sent("", name, locate(where, at)) for name, where, at in looked]
    given = [call.arg(_position(path)) for path, call in sending] + [call.arg(0) for call in posted]
    vague = any(says_nothing_of_kind(module, message) for message in given)
    if not (sent or listens or vague):
        return None
    return Spoken(tuple(sent), frozenset(compared), listens, opened, tuple(kinds), frozenset(outside), vague)


SPOKEN: Final = Drawn("browser.messages", _draw, Spoken, naming=("chrome", "browser", "polyfill"), tests=False)


def _ports(module: Module) -> dict[str, str]:
    """Return how a module spells the ports that it speaks through, each with the event or the call that gave it."""
    found: dict[str, str] = {}
    for path, call in calls_of(module, *_CONNECTS):
        made = call.parent
        if path != "tabs.connect" and call.args and not isinstance(strip(call.args[0]), Object):
            continue  # to another extension
        if isinstance(made, Assign) and isinstance(made.target, Name | Member):
            found[module.text_of(made.target)] = path
    for path, call in calls_of(module, *_CONNECTED):
        handler = definition(module, call.args[0]) if call.args else None
        if isinstance(handler, Function) and handler.params:
            found[handler.params[0].name] = path
    for assign in module.all(Assign) if found else ():  # this.port = port
        if isinstance(assign.target, Member) and _text(module, assign.value) in found:
            found.setdefault(module.text_of(assign.target), found[_text(module, assign.value)])
    return found


def _heard_by(module: Module, ports: dict[str, str]) -> Iterator[tuple[str, Call]]:
    """Yield the listeners of ports, each with what gave the port."""
    for call in module.calls({"addListener"}) if ports else ():
        port = _text(module, call.receiver).removesuffix(".onMessage").removesuffix("?")
        if port in ports and _text(module, call.receiver) != port:
            yield ports[port], call


def _text(module: Module, expr: Expr | None) -> str:
    return module.text_of(expr) if expr is not None else ""


def _position(path: str) -> int:
    return 1 if path.startswith("tabs.") else 0


def _sent(module: Module, path: str, call: Call) -> Iterator[Sent]:
    """Yield what a call sends, where its name is fixed; another extension or a native program is no part of this."""
    position = _position(path)
    message = call.arg(position)
    if position == 0 and len(call.args) > 1 and not isinstance(strip(call.args[1]), Function | Object):
        return  # the first argument is the id of another extension
    named = name_of(module, message)
    if named is not None:
        yield Sent(*named, locate(module, call))
        return
    for key, name, at in sent_through(module, message):
        yield Sent(key, name, locate(module, at))
