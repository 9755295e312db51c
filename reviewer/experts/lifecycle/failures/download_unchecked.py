"""LIF056: a package is downloaded, and whatever the server answered is taken for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Function, Member, Name, strip
from reviewer.code.text.ideas import PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FETCHES: Final = frozenset({"fetch", "get", "request"})
_CLIENTS: Final = frozenset("fetch requests httpx undici got session client http network".split())
_BYTES: Final = frozenset({"arrayBuffer", "blob", "bytes", "buffer", "content", "body", "iter_content", "read"})
_ASKS: Final = frozenset(
    "ok status statusCode status_code raise_for_status is_success is_error statusText throwForStatus".split()
)
_DOWNLOADS: Final = PLAIN_GUESTS | frozenset(
    "download downloads install installer installs package packages archive tarball bundle release "
    "releases artifact update updater marketplace registry".split()
)


@module_check("LIF056", words={"fetch", "requests", "httpx", "undici"})
def download_unchecked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the request whose bytes are used in a function that never asks how it was answered."""
    if module.is_test:
        return
    for call in module.calls(_FETCHES):
        function = function_of(call)
        if function is None or not _is_request(module, call) or not _downloads(function):
            continue
        parts = _taken_apart(function, call)
        if parts & _BYTES and not parts & _ASKS:
            yield _match(module, call)
        kept = next((a for a in find(function.body, Assign) if a.value is not None and strip(a.value) is call), None)
        if kept is None or not isinstance(kept.target, Name):
            continue
        said = {
            node.name
            for node in find(function.body, Member)
            if isinstance(strip(node.object), Name) and getattr(strip(node.object), "id", "") == kept.target.id
        }
        whole = any(
            isinstance(node, Name) and node.id == kept.target.id and isinstance(node.parent, Call)
            for node in walk(function.body)
        )
        if said & _BYTES and not said & _ASKS and not whole:
            yield _match(module, call)


def _taken_apart(function: Function, call: Call) -> set[str]:
    """Return the members of an answer that are taken at once: ``const { body } = await fetch(url)``."""
    return {
        assign.value.name
        for assign in find(function.body, Assign)
        if isinstance(assign.value, Member) and strip(assign.value.object) is call
    }


def _match(module: Module, call: Call) -> Match:
    return Match(
        call,
        f"Nobody asks how '{module.text_of(call.callee)}' was answered: the page of an error, or of a login, "
        "is taken for the package.",
    )


def _is_request(module: Module, call: Call) -> bool:
    """Tell whether a call asks a server and gives its answer whatever that is."""
    if call.name == "fetch":
        return True
    receiver = call.receiver
    named = module.resolve(receiver).split(".")[0] if receiver is not None else ""
    return bool(set(words(named)) & (_CLIENTS - {"fetch"})) and named in ("requests", "httpx")


def _downloads(function: Function) -> bool:
    """Tell whether names say that a function brings a package."""
    said = set(words(function.name)) | {word for param in function.params for word in words(param.name)}
    if function.owner is not None:
        said |= set(words(function.owner.name))
    return bool(said & _DOWNLOADS)
