"""The messages between the parts of an extension: what is sent by which name, and who listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Object, strip
from reviewer.core.location import Location
from reviewer.experts.browser.api import calls_of, has_api
from reviewer.experts.communication.compared import compared_texts, kinds_compared, name_of, says_nothing_of_kind
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

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
    sent = tuple(one for path, call in calls_of(module, *_SENDS) if (one := _sent(module, path, call)) is not None)
    compared: set[str] = set()
    listens = opened = False
    kinds: list[Sent] = []
    outside: set[str] = set()
    for path, call in calls_of(module, *_EVENTS):
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
    vague = any(says_nothing_of_kind(module, call.arg(_position(path))) for path, call in calls_of(module, *_SENDS))
    if not (sent or listens or vague):
        return None
    return Spoken(sent, frozenset(compared), listens, opened, tuple(kinds), frozenset(outside), vague)


SPOKEN: Final = Drawn("browser.messages", _draw, Spoken, naming=("chrome", "browser", "polyfill"), tests=False)


def _position(path: str) -> int:
    return 1 if path.startswith("tabs.") else 0


def _sent(module: Module, path: str, call: Call) -> Sent | None:
    """Return what a call sends, where its name is fixed; another extension or a native program is no part of this."""
    position = _position(path)
    message = call.arg(position)
    if position == 0 and len(call.args) > 1 and not isinstance(strip(call.args[1]), Function | Object):
        return None  # the first argument is the id of another extension
    named = name_of(module, message)
    return Sent(*named, locate(module, call)) if named is not None else None
