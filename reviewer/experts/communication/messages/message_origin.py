"""COM030 and COM031: messages between windows, from anybody and to anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Expr, Function, Literal, Member, Name, Node, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, inside, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.incoming import Incoming, incoming
from reviewer.experts.communication.vocabulary import CALLERS, spoken
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, name_words

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
_OF_SERVICE_WORKERS: Final = frozenset({"skipWaiting", "respondWith", "waitUntil", "importScripts", "matchAll"})
_EXTERNAL: Final = frozenset({"onMessageExternal", "onConnectExternal"})
_FRAMES: Final = frozenset({"frame", "iframe", "contentwindow", "guest", "sandbox", "child"})

_HEARS: Final = frozenset({"MessageEvent", "onmessage", "addEventListener"})
_IN_PART: Final = frozenset({"startsWith", "endsWith", "includes", "indexOf", "search"})
"""Methods of a text that look at a part of it."""
_NOT_KEPT: Final = frozenset({"event", "e", "ev", "evt", "message", "msg", "location", "window", "url"})
"""What has an origin of its own, which is not that of a frame that somebody keeps."""


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
        if not _reads(functions[0]) or any(_looks(module, function) for function in functions):
            continue
        yield Match(
            _place(functions),
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
    """Tell whether a file is a worker's: it answers who made it, where a window names whom a message is for.

    What a service worker does to its clients, or to what installs it, no window can.
    """
    return not module.identifiers.isdisjoint(_OF_SERVICE_WORKERS) or any(
        len(call.args) == 1 and module.resolve(call.callee) in _ANSWERS for call in module.calls({"postMessage"})
    )


def _reads(found: Incoming) -> bool:
    params = {name for p in found.function.params for name in (p.name, *p.fields.values())} - {""}
    return any(isinstance(node, Name) and node.id in params for node in walk(found.function.body))


def _looks(module: Module, found: Incoming) -> bool:
    """Tell whether a function that a message reaches speaks of the sender, other than by calling a function that does.

    What such a function of the file looks at is read there: ``senderOf(event)`` may only read what the message says.
    """
    function = found.function
    named = {
        id(call.callee)
        for call in calls_in(function.body)
        if isinstance(definition(module, call.callee), Function) and _takes_message(found, call)
    }
    nodes = [node for node in walk(function.body) if id(node) not in named]
    said = {node.name if isinstance(node, Member) else node.id for node in nodes if isinstance(node, Member | Name)}
    said |= {name for param in function.params for name in param.fields}
    return bool({name.lower() for name in said} & _SENDERS) or bool({w for n in said for w in words(n)} & _SENDERS)


def _takes_message(found: Incoming, call: Call) -> bool:
    """Tell whether a call hands on what the function was given."""
    given = {name for param in found.function.params for name in (param.name, *param.fields.values())}
    return any(isinstance(strip(one), Name) and getattr(strip(one), "id", "") in given for one in call.args)


def _place(found: list[Incoming]) -> Node:
    """Return where the sender should be looked at: the function that says who it is, else where somebody listens."""
    for one in found:
        if one.path and set(words(one.function.name)) & (CALLERS | {"whose"}):
            part = next((n for n in find(one.function.body, Member) if n.name == "data"), None)
            if part is not None:
                return part
    first = found[1] if len(found) > 1 and _only_hands_on(found[0], found[1]) else found[0]
    return first.place if inside(first.function, first.place) else first.function


def _only_hands_on(first: Incoming, second: Incoming) -> bool:
    """Tell whether what listens does nothing but give the event to a function: ``(event) => this.receive(event)``."""
    if len(first.function.body) != 1 or second.via is not first.function:
        return False
    return any(_takes_message(first, call) for call in calls_in(first.function.body))


@module_check("COM030", words={"origin"})
def origin_in_part(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of a message's origin that holds for longer origins, too."""
    if module.is_test or module.language == "python" or not module.identifiers & _HEARS:
        return
    for call in module.calls(_IN_PART & module.identifiers):
        asked = strip(call.receiver) if call.receiver is not None else None
        origin = module.scopes.origin(asked) if isinstance(asked, Name) else asked
        if not isinstance(origin, Member) or origin.name != "origin" or not call.args:
            continue
        event = strip(origin.object)
        given = module.scopes.lookup(event.id, event) if isinstance(event, Name) else []
        if not any(isinstance(one, Param) for one in given) or _is_request(event):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(call))}' also holds for an origin that only looks like it: whoever owns "
            "'https://host.example.other.test' passes for 'https://host.example'.",
        )


def _is_request(event: Expr) -> bool:
    """Tell whether what has the origin is a request or an address, and no message."""
    return bool(set(name_words(event)) & {"req", "request", "location", "url", "ctx", "info"})


@module_check("COM031", words={"post"})
def sent_to_any_origin(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each message to a window for whom it is meant."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls({"postMessage"}):
        target = call.arg(1)
        wanted = target.get("targetOrigin") if isinstance(target, Object) else target
        if fixed_text(module, wanted) != "*" or _for_figma(call) or _to_itself(call):
            continue
        yield Match(
            call,
            f"'{module.text_of(call.callee)[:60]}' sends to whatever page is there ('*'): another page that was opened "
            "or loaded in that window reads the message.",
            confidence=None if not _to_frame(module, call) or _knows_origin(module, call) else Confidence.POSSIBLE,
        )


def _for_figma(call: Call) -> bool:
    """Tell whether a message is one of Figma's plugin windows, whose host has no origin to name."""
    given = strip(call.args[0])
    return isinstance(given, Object) and "pluginMessage" in given.keys


def _to_itself(call: Call) -> bool:
    """Tell whether the function itself listens on the window that it sends to, as is done to be called back soon."""
    function, window = function_of(call), strip(call.receiver) if call.receiver is not None else None
    if function is None or not isinstance(window, Name):
        return False
    bodies = [one.body for one in (function, function.outer) if one is not None]
    listening = (one for body in bodies for one in calls_in(body) if words(one.name)[:1] in (("add",), ("on",)))
    return any(
        window.id in names_in([one.callee, *one.args])
        and any(isinstance(arg, Literal) and arg.value == "message" for arg in one.args)
        for one in listening
    )


def _to_frame(module: Module, call: Call) -> bool:
    """Tell whether the message goes to a frame, which has no origin to name where it is sandboxed."""
    if set(name_words(call.receiver)) & _FRAMES or "contentWindow" in module.text_of(call.callee):
        return True
    return "sandbox" in module.words or _is_constant_signal(call)


def _knows_origin(module: Module, call: Call) -> bool:
    """Tell whether the function that sends was told the origin of the page that it means, or the file keeps it."""
    function = function_of(call)
    while function is not None:
        if any("origin" in words(name) for param in function.params for name in (param.name, *param.fields.values())):
            return True
        function = function.outer
    if b"sandbox" in module.source and b"allow-same-origin" not in module.source:
        return False  # such a frame has none
    if _sets_address(module, call):
        return True
    return any(
        words(member.name)[-1:] == ("origin",) and not set(last_words(member.object)) & _NOT_KEPT
        for member in module.all(Member)
    )


def _sets_address(module: Module, call: Call) -> bool:
    """Tell whether the file itself gives the frame its address: ``this.frame.src = card.url``."""
    receiver = strip(call.receiver) if call.receiver is not None else None
    frame = receiver.object if isinstance(receiver, Member) and receiver.name == "contentWindow" else None
    if frame is None:
        return False
    spelled = module.text_of(frame)
    return any(
        isinstance(put.target, Member)
        and put.target.name == "src"
        and isinstance(put.value, Name | Member)
        and module.text_of(put.target.object) == spelled
        and getattr(module.scopes.origin(put.value), "name", "") != "createObjectURL"
        for put in module.all(Assign)
    )


def _is_constant_signal(call: Call) -> bool:
    """Tell whether the message holds nothing but constants, so that nobody learns anything from it."""
    function: Node | None = function_of(call)
    return function is not None and all(isinstance(n, Literal | Object) for n in walk(call.args[0]))
