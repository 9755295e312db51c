"""COM030 and COM031: messages between windows, from anybody and to anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function, Literal, Member, Name, Node, Object, strip
from reviewer.code.walk import function_of, inside, walk
from reviewer.code.words import words
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.incoming import Incoming, incoming
from reviewer.experts.communication.vocabulary import spoken
from reviewer.experts.paths import name_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SENDERS: Final = frozenset(
    {"origin", "source", "istrusted", "ports", "token", "nonce", "secret", "sender", "senderid"}
)
_OWN_HOSTS: Final = frozenset(
    {"acquireVsCodeApi", "importScripts", "WorkerGlobalScope", "DedicatedWorkerGlobalScope", "figma"}
)
"""Names of surroundings in which only the host itself can send a message."""
_ANSWERS: Final = frozenset({"postMessage", "self.postMessage", "globalThis.postMessage"})
_EXTERNAL: Final = frozenset({"onMessageExternal", "onConnectExternal"})
_FRAMES: Final = frozenset({"frame", "iframe", "contentwindow", "guest", "sandbox", "child"})


@module_check("COM030", words={"message", "onmessage", "external"})
def origin_unchecked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each handler of a window's messages for a look at who sent them."""
    if module.is_test or module.language == "python" or module.identifiers & _OWN_HOSTS or _is_worker(module):
        return
    by_place: dict[int, list[Incoming]] = {}
    for reached in incoming(module):
        if reached.window and reached.event == "message":
            by_place.setdefault(id(reached.place), []).append(reached)
    for functions in by_place.values():
        found = functions[0]
        if not _reads(found) or any(_looks(function) for function in functions):
            continue
        yield Match(
            found.place if inside(found.function, found.place) else found.function,
            "Any page that holds this window, an opener or a frame, can send it a message, and the handler doesn't "
            "look at 'origin' or 'source' before it uses one.",
        )
    if inquiry.subject.ecosystem == "webextension":
        return  # who may send from outside, its manifest says: COM222 asks both
    for call in module.calls({"addListener"}):
        channel = strip(call.receiver) if call.receiver is not None else None
        if isinstance(channel, Member) and channel.name in _EXTERNAL and call.args:
            handler = strip(call.args[0])
            if isinstance(handler, Function) and not spoken(handler.body) & {"origin", "url", "id", "sender"}:
                yield Match(
                    call,
                    f"'{channel.name}' takes messages of other extensions and pages, and the handler doesn't look at "
                    "who the sender is.",
                )


def _is_worker(module: Module) -> bool:
    """Tell whether a file answers who made it, as only a worker does: a window names whom a message is for."""
    return any(
        len(call.args) == 1 and module.resolve(call.callee) in _ANSWERS for call in module.calls({"postMessage"})
    )


def _reads(found: Incoming) -> bool:
    params = {name for p in found.function.params for name in (p.name, *p.fields.values())} - {""}
    return any(isinstance(node, Name) and node.id in params for node in walk(found.function.body))


def _looks(found: Incoming) -> bool:
    """Tell whether a function that a message reaches speaks of the sender."""
    said = spoken(found.function.body) | {name for param in found.function.params for name in param.fields}
    return bool({word.lower() for word in said} & _SENDERS)


@module_check("COM031", words={"post"})
def sent_to_any_origin(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each message to a window for whom it is meant."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls({"postMessage"}):
        target = call.arg(1)
        wanted = target.get("targetOrigin") if isinstance(target, Object) else target
        if fixed_text(module, wanted) != "*" or _for_figma(call):
            continue
        yield Match(
            call,
            f"'{module.text_of(call.callee)[:60]}' sends to whatever page is there ('*'): another page that was opened "
            "or loaded in that window reads the message.",
            confidence=Confidence.POSSIBLE if _to_frame(module, call) and not _knows_origin(call) else None,
        )


def _for_figma(call: Call) -> bool:
    """Tell whether a message is one of Figma's plugin windows, whose host has no origin to name."""
    given = strip(call.args[0])
    return isinstance(given, Object) and "pluginMessage" in given.keys


def _to_frame(module: Module, call: Call) -> bool:
    """Tell whether the message goes to a frame, which has no origin to name where it is sandboxed."""
    if set(name_words(call.receiver)) & _FRAMES or "contentWindow" in module.text_of(call.callee):
        return True
    return "sandbox" in module.words or _is_constant_signal(call)


def _knows_origin(call: Call) -> bool:
    """Tell whether the function that sends was told the origin of the page that it means."""
    function = function_of(call)
    while function is not None:
        if any("origin" in words(name) for param in function.params for name in (param.name, *param.fields.values())):
            return True
        function = function.outer
    return False


def _is_constant_signal(call: Call) -> bool:
    """Tell whether the message holds nothing but constants, so that nobody learns anything from it."""
    function: Node | None = function_of(call)
    return function is not None and all(isinstance(n, Literal | Object) for n in walk(call.args[0]))
