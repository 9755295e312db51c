"""COM222: an extension does what a message from outside says, without a look at who sent it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Member, Name
from reviewer.code.walk import find
from reviewer.core.scale import Severity
from reviewer.experts.browser.api import calls_of, has_api, path_of
from reviewer.experts.browser.patterns import is_everywhere
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MESSAGE: Final = "runtime.onMessageExternal.addListener"
_CONNECT: Final = "runtime.onConnectExternal.addListener"
_GRAVE: Final = frozenset(
    "bookmarks browsingData contentSettings cookies debugger declarativeNetRequest downloads history identity "
    "management pageCapture privacy proxy scripting sessions storage tabCapture tabs topSites userScripts webRequest "
    "windows".split()
)
"""Namespaces whose calls change something or tell something of the person."""
_SINKS: Final = frozenset({"eval", "fetch", "Function", "open", "connectNative", "sendNativeMessage", "importScripts"})
_MARKUP: Final = frozenset({"innerHTML", "outerHTML", "insertAdjacentHTML"})
_DEEPEST: Final = 3


@module_check("COM222", words={"external"})
def sender_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each listener of messages from outside, as far as the manifest lets anybody send them."""
    if not has_api(module) or module.is_test or not _open(inquiry):
        return
    for path, call in calls_of(module, _MESSAGE, _CONNECT):
        handler = definition(module, call.args[0]) if call.args else None
        if not isinstance(handler, Function) or handler.module is not module or _looks(handler, path):
            continue
        grave = _does(handler, 0)
        event = path.removesuffix(".addListener")
        what = f"and reaches '{grave}'" if grave else "and does what they say"
        yield Match(
            call,
            f"The listener of '{event}' takes messages of {_who(inquiry)} {what}, without a look at who sent them.",
            severity=None if grave else Severity.LOW,
        )


def _open(inquiry: Inquiry) -> bool:
    """Tell whether the manifest lets anybody send who is not named in it."""
    said = inquiry.manifest.get("externally_connectable") if inquiry.manifest is not None else None
    if said is None:
        return True
    ids, matches = said.get("ids"), said.get("matches")
    if ids is not None and any(one.text == "*" for one in ids.items()):
        return True
    return matches is not None and any(is_everywhere(one.text) for one in matches.items())


def _who(inquiry: Inquiry) -> str:
    said = inquiry.manifest.get("externally_connectable", "matches") if inquiry.manifest is not None else None
    return (
        "every page" if said is not None and any(is_everywhere(one.text) for one in said.items()) else "every extension"
    )


def _looks(handler: Function, path: str) -> bool:
    """Tell whether a listener speaks of the sender: its second parameter, or ``port.sender``."""
    if path == _CONNECT:
        return any(member.name == "sender" for member in find(handler, Member))
    if len(handler.params) < 2:
        return False
    sender = handler.params[1]
    names = {sender.name, *sender.fields.values()} - {""}
    return any(name.id in names for name in find(handler, Name))


def _does(handler: Function, depth: int) -> str:
    """Return the gravest thing that a listener does itself, or by a function of the file; empty for nothing grave."""
    module = handler.module
    for node in find(handler, Assign):
        if isinstance(node.target, Member) and node.target.name in _MARKUP:
            return node.target.name
    for call in find(handler, Call):
        path = path_of(module, call.callee)
        if path.split(".", 1)[0] in _GRAVE and not path.endswith((".addListener", ".query")):
            return path
        if call.name in _SINKS or call.name in _MARKUP:
            return call.name
        target = definition(module, call.callee)
        if isinstance(target, Function) and target.module is module and depth < _DEEPEST:
            found = _does(target, depth + 1)
            if found:
                return found
    return ""
