"""Calls that fetch from an address, and the clients that they are made with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.experts.paths import name_words, word_set
from reviewer.experts.security.reaching.sinks import sinks
from reviewer.experts.security.values.places import kind_of_call
from reviewer.experts.security.values.source_words import FETCHERS, NETWORKS, SURE_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

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
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_TAKERS: Final = frozenset({"request", "fetch"})
_THINGS: Final = word_set("author user id ids member owner channel guild key name query options")
_PATH_NAMES: Final = (("path",), ("pathname",), ("route",))


def fetches(module: Module) -> Iterator[tuple[Call, Expr]]:
    """Yield every call that goes over the network, with its address."""
    for node in module.all(Call):
        name = module.resolve(node.callee)
        if name not in FETCHERS and kind_of_call(module, node) != "remote":
            continue
        address = node.arg(_position(module, node, name), "url")
        origin = module.scopes.origin(address) if address is not None else None
        if isinstance(origin, Object):
            address = origin.get("url") or origin.get("hostname") or origin.get("host")
        if address is not None and (_is_message(name, node, address) or _passes_on(address)):
            continue
        if address is not None and name not in FETCHERS and name_words(address)[-1:] in _PATH_NAMES:
            continue  # a client that knows its server: ``client.get(path)``
        if address is not None and name not in FETCHERS and _is_kept_thing(node, address):
            continue
        if address is not None and not isinstance(definition(module, node.callee), Function):
            yield node, address


def _position(module: Module, call: Call, name: str) -> int:
    """Return which argument is the address: the first, or the second behind a method such as ``GET``."""
    first = strip(call.args[0]) if len(call.args) > 1 else None
    if module.language == "python" and (name.endswith(".request") or not isinstance(first, Literal)):
        return 1 if name.endswith(".request") else 0
    if isinstance(first, Literal):
        return 1 if str(first.value).upper() in _METHODS else 0
    return 1 if first is not None and name_words(first)[-1:] in (("method",), ("verb",)) else 0


def _is_kept_thing(call: Call, address: Expr) -> bool:
    """Tell whether a collection is asked for one of its things, and no server: ``members.fetch(message.author)``."""
    holder = set(name_words(call.receiver)[-1:]) if call.receiver is not None else set()
    said = set(name_words(address)[-1:]) if isinstance(address, Name | Member) else set()
    return call.name == "fetch" and bool(said & _THINGS) and not holder & NETWORKS


def _passes_on(address: Expr) -> bool:
    """Tell whether a worker of a page sends on what its own page asks for: ``fetch(event.request)``."""
    if not isinstance(address, Member) or address.name != "request":
        return False
    return bool(set(name_words(address.object)[-1:]) & {"event", "evt", "e"})


def _is_message(name: str, call: Call, address: Expr) -> bool:
    """Tell whether a message is handed on, and no address: ``client.request(message)``, ``handler.fetch(request)``."""
    said = name_words(address)[-1:] if isinstance(address, Name) else ()
    return name not in FETCHERS and call.name in _TAKERS and bool(set(said) & (SURE_MESSAGES | {"req", "request"}))


def client_bases(module: Module) -> Iterator[tuple[Call, Expr]]:
    """Yield every client that is made for one address, with the address: ``axios.create({ baseURL })``."""
    for sink in sinks(module, _CLIENTS):
        given = next((one for name in _BASES if (one := sink.option(module, name)) is not None), None)
        if given is not None:
            yield sink.call, given
