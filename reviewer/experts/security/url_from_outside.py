"""SEC056: somebody outside says which server the program talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.links import definition
from reviewer.code.syntax import Call, Function, Name, Object
from reviewer.code.walk import class_of, function_of
from reviewer.code.words import words
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.leading import leading_text
from reviewer.experts.paths import word_set
from reviewer.experts.security.guards import limited
from reviewer.experts.security.places import kind_of_call
from reviewer.experts.security.provenance import trace
from reviewer.experts.security.sinks import said, shown, sinks
from reviewer.experts.security.source_words import FETCHERS
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.origins import Trace

_ADDRESSES: Final = word_set(
    "url uri href link address endpoint target host hostname webhook callback domain site input resource"
)
_SERVICES: Final = word_set(
    "network http https net fetch fetcher client gateway egress proxy request requester web api context services"
)


NETWORK_WORDS: Final = word_set(
    "fetch axios request requests http https httpx urlopen got network aiohttp session download undici"
)
"""A module with none of these words talks to no server."""


_CLIENTS: Final = frozenset(
    "axios.create ky.create ky.extend got.extend httpx.Client httpx.AsyncClient aiohttp.ClientSession ofetch.create "
    "undici.Client undici.Pool".split()
)
_BASES: Final = ("baseURL", "baseUrl", "prefixUrl", "base_url")
"""Options that hold the address which every request of a client begins with."""


def fetches(module: Module) -> Iterator[tuple[Call, Expr]]:
    """Yield every call that goes over the network, with its address."""
    for node in module.all(Call):
        name = module.resolve(node.callee)
        if name not in FETCHERS and kind_of_call(module, node) != "remote":
            continue
        position = 1 if name.endswith(".request") and module.language == "python" else 0
        address = node.arg(position, "url")
        origin = module.scopes.origin(address) if address is not None else None
        if isinstance(origin, Object):
            address = origin.get("url") or origin.get("hostname") or origin.get("host")
        if address is not None and not isinstance(definition(module, node.callee), Function):
            yield node, address


def client_bases(module: Module) -> Iterator[tuple[Call, Expr]]:
    """Yield every client that is made for one address, with the address: ``axios.create({ baseURL })``."""
    for sink in sinks(module, _CLIENTS):
        given = next((one for name in _BASES if (one := sink.option(module, name)) is not None), None)
        if given is not None:
            yield sink.call, given


@module_check("SEC056", words=NETWORK_WORDS)
def url_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every address that the program talks to for who chose its host."""
    if module.is_test or is_tooling(module):
        return
    for call, address in fetches(module):
        start = leading_text(module, address)
        if "://" in start and "/" in start.split("://", 1)[1]:
            continue  # the host is fixed, only the path varies
        found = trace(module, address)
        kinds = found.kinds()
        if not kinds - {"environment", "unknown", "file"} or limited(module, [address], call, found.names):
            continue
        origin = found.worst()
        service = inquiry.subject.kind == "host" and _is_service(found)
        sure = bool(kinds & {"request", "message", "plugin"}) or service
        by = "a plugin" if service and not kinds & {"request", "message"} else said(origin)
        yield Match(
            call,
            f"'{shown(module, address, 40)}', which comes from {by}, says which server is asked: it may be "
            "one inside your own "
            "network, such as 169.254.169.254.",
            confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE,
            severity=Severity.HIGH if sure else Severity.MEDIUM,
        )


def _is_service(found: Trace) -> bool:
    """Tell whether the address is what a caller of the host's own network service asks for."""
    for origin in found.origins:
        node = origin.node
        if origin.kind != "parameter" or not isinstance(node, Name):
            continue
        function = function_of(node)
        if function is None or function.private or not set(words(node.id)) & _ADDRESSES:
            continue
        if set(words(function.name)) & {
            "fetch",
            "request",
            "get",
            "post",
            "http",
            "download",
            "call",
            "send",
        } and _serves(function):
            return True
    return False


def _serves(function: Function) -> bool:
    """Tell whether a function belongs to what plugins get: a class or a maker of network services."""
    said_words: set[str] = set()
    cls = class_of(function)
    if cls is not None:
        said_words.update(words(cls.name))
    outer = function.outer
    while outer is not None:
        said_words.update(words(outer.name))
        outer = outer.outer
    return bool(said_words & _SERVICES)
