"""The messages between an extension of an editor and its pages: what each side sends by which name, and listens for."""

from __future__ import annotations

import posixpath
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Literal, Member, Name, Template
from reviewer.core.location import Location
from reviewer.experts.browser.pages import pages
from reviewer.experts.communication.compared import KEYS, compared_texts, kinds_compared, name_of, says_nothing_of_kind
from reviewer.experts.communication.sent_through import sent_through
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.paths import last_words
from reviewer.experts.place import locate, locate_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_API: Final = "acquireVsCodeApi"
_OTHERS: Final = frozenset({"createRendererMessaging", "RendererContext"})
"""Ways of speaking to pages that are not followed."""
_WINDOWS: Final = frozenset({"window", "self", "globalThis"})
_SENDS: Final = rf"postMessage\(\s*\{{\s*[\"']?({'|'.join(KEYS)})[\"']?\s*:\s*[\"']([\w.:/-]{{1,80}})[\"']"
_QUOTED: Final = r"[\"'`]([\w.:/-]{1,80})[\"'`]"
_LISTENS: Final = r"addEventListener\(\s*[\"']message[\"']|\bonmessage\s*="
_SCRIPT: Final = r"^[\w./@-]+\.(?:js|mjs|cjs)$"
_MOST: Final = 200


class Sent(Fact, frozen=True):
    """One message that is sent under a fixed name."""

    key: str
    name: str
    at: Location


class Talk(Fact, frozen=True):
    """What one piece of code says of messages, in a page or in the extension.

    ``heard`` are the texts that its listeners look for, ``listens`` tells whether there is a listener, ``open``
    whether one takes whatever comes; ``scripts`` are files that it gives to pages. ``kinds`` are the kinds that its
    listeners look for, with their places, and ``vague`` tells that it sends something that can't be read here.
    """

    path: str
    page: bool
    sent: tuple[Sent, ...]
    heard: frozenset[str]
    listens: bool
    open: bool
    scripts: tuple[str, ...] = ()
    kinds: tuple[Sent, ...] = ()
    vague: bool = False


def talks(inquiry: Inquiry) -> list[Talk]:
    """Return what the modules and the pages of a subject say of messages."""
    found = [talk for part in _TALKS.of(inquiry) for talk in part]
    for page in pages(inquiry).values():
        for script in page.scripts:
            if _API in script.code:
                sent = tuple(Sent(hit[1], hit[2], script.at) for hit in _pattern(_SENDS).finditer(script.code))
                found.append(_written(page.path, script.code, sent))
    return found


def scripts_are_here(inquiry: Inquiry, outside: list[Talk], inside: list[Talk]) -> bool:
    """Tell whether the scripts that pages are given are files of the subject that were read, and not built ones."""
    speaking = {part.path.rpartition("/")[2] for part in inside}
    for script in {script for part in outside for script in part.scripts} - speaking:
        paths = [path for path in inquiry.project.sources if path.rpartition("/")[2] == script]
        if not paths or any(inquiry.project.module(path) is None for path in paths):
            return False
    return True


def _draw(_inquiry: Inquiry, module: Module) -> list[Talk]:
    if module.language == "python":
        return []
    own = _of_extension(module) if _is_of_extension(module) else _of_page(module)
    return [talk for talk in (own, *_inline(module)) if talk.sent or talk.listens or talk.scripts or talk.vague]


_TALKS: Final = Drawn("editor.webviews", _draw, list[Talk], ("webview", "message", _API), tests=False)


def _is_of_extension(module: Module) -> bool:
    return any(imported.source == "vscode" for imported in module.imports) or any(
        isinstance(given, Literal) and given.value == "vscode"
        for call in module.calls({"require"})
        for given in call.args[:1]
    )


def _of_extension(module: Module) -> Talk:
    """Read the side of the editor: ``webview.postMessage`` and ``webview.onDidReceiveMessage``."""
    sending = [call for call in module.calls({"postMessage"}) if last_words(call.receiver)[-1:] == ("webview",)]
    handlers = [call.arg(0) for call in module.calls({"onDidReceiveMessage"})]
    scripts: list[str] = []
    if "asWebviewUri" in module.identifiers:
        texts = (str(node.value) for node in module.all(Literal) if isinstance(node.value, str))
        scripts = [posixpath.basename(text) for text in texts if _pattern(_SCRIPT).search(text)]
    return _talk(module, sending, handlers, page=False, scripts=tuple(sorted(set(scripts))))


def _of_page(module: Module) -> Talk:
    """Read the side of a page: ``acquireVsCodeApi().postMessage`` and the messages of its window."""
    speaks = _API in module.identifiers
    sending = [call for call in module.calls({"postMessage"}) if speaks and _is_api(module, call.receiver)]
    handlers: list[Expr | None] = [
        call.arg(1)
        for call in module.calls({"addEventListener"})
        if _is_message(call.arg(0)) and (call.receiver is None or module.text_of(call.receiver) in _WINDOWS)
    ]
    for assign in module.all(Assign):
        target = assign.target
        if isinstance(target, Member) and target.name == "onmessage" and module.text_of(target.object) in _WINDOWS:
            handlers.append(assign.value)
    return _talk(module, sending, handlers, page=True)


def _talk(
    module: Module, sending: list[Call], handlers: list[Expr | None], *, page: bool, scripts: tuple[str, ...] = ()
) -> Talk:
    heard: set[str] = set()
    kinds: list[Sent] = []
    opened = False
    for given in handlers:
        handler = definition(module, given) if given is not None else None
        texts = compared_texts(module, handler) if isinstance(handler, Function) else None
        heard |= texts or set()
        looked = kinds_compared(module, handler) if isinstance(handler, Function) else ()
        kinds += [Sent("", name, locate(where, at)) for name, where, at in looked]
        opened = opened or texts is None
    opened = opened or not module.identifiers.isdisjoint(_OTHERS)
    sent = tuple(one for call in sending for one in _sent(module, call))
    vague = any(says_nothing_of_kind(module, call.arg(0)) for call in sending)
    return Talk(module.path, page, sent, frozenset(heard), bool(handlers), opened, scripts, tuple(kinds), vague)


def _sent(module: Module, call: Call) -> Iterator[Sent]:
    named = name_of(module, call.arg(0))
    if named is not None:
        yield Sent(*named, locate(module, call))
        return
    for key, name, at in sent_through(module, call.arg(0)):
        yield Sent(key, name, locate(module, at))


def _is_api(module: Module, receiver: Expr | None) -> bool:
    made = module.scopes.origin(receiver) if isinstance(receiver, Name) else receiver
    return isinstance(made, Call) and made.name == _API


def _is_message(expr: Expr | None) -> bool:
    return isinstance(expr, Literal) and expr.value == "message"


def _inline(module: Module) -> Iterator[Talk]:
    """Read the scripts of pages that are written out in the code of an extension."""
    if _API.encode() not in module.source:
        return
    for node in module.some(Template, Literal):
        text = module.source[node.raw.start_byte : node.raw.end_byte].decode("utf-8", "replace")
        if _API not in text or isinstance(node.parent, Template):
            continue
        sent = []
        for hit in _pattern(_SENDS).finditer(text):
            start, end = (node.raw.start_byte + len(text[:at].encode()) for at in hit.span())
            sent.append(Sent(hit[1], hit[2], locate_bytes(module, start, end)))
        yield _written(module.path, text, tuple(sent[:_MOST]))


def _written(path: str, text: str, sent: tuple[Sent, ...]) -> Talk:
    """Make what a script says that is read as text: whatever it quotes may be a name that it listens for."""
    listens = _pattern(_LISTENS).search(text) is not None
    quoted = frozenset(hit[1] for hit in _pattern(_QUOTED).finditer(text)) if listens else frozenset()
    return Talk(path, True, sent, quoted, listens, False)


@cache
def _pattern(text: str) -> Any:
    import re2

    return re2.compile(text)
