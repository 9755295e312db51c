"""SEC056: somebody outside says which server the program talks to."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Param,
    Template,
    With,
    strip,
)
from reviewer.code.text.calling import calls
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.leading import leading_text
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.reaching.network_calls import NETWORK_WORDS, fetches
from reviewer.experts.security.reaching.sinks import said, shown
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.security.values.speaking import speaks_of_plugins
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.values.origins import Trace

_ADDRESSES: Final = word_set(
    "url uri href link address endpoint target host hostname webhook callback domain site input resource"
)
_SERVICES: Final = word_set(
    "network http https net fetch fetcher client gateway egress proxy request requester web api context services"
)


_KEYS: Final = frozenset({"id", "pk", "uid", "uuid"})
"""Last words of what picks one of many, and of no address."""
_CLIENTS: Final = frozenset(
    "client clients session agent transport cache downloader download fetcher driver drivers".split()
)
"""Words of what sends requests that its own program makes."""
_PATHS: Final = frozenset({"baseUrl", "originalUrl", "path", "pathname"})
_MOST_SITES: Final = 30
"""Calls of one helper whose addresses are looked at."""


@module_check("SEC056", words=NETWORK_WORDS)
def url_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every address that the program talks to for who chose its host."""
    if module.is_test or is_tooling(module):
        return
    for call, address in fetches(module):
        if _host_is_fixed(module, address) or _is_no_address(module, call, address) or _asks_itself(module, call):
            continue
        found = trace(module, address)
        if found.kinds() & {"request"} and _is_sent_on(module, address):
            continue
        kinds = found.kinds()
        if not kinds - {"environment", "unknown", "file"} or _every_one_limited(module, address, call, found):
            continue
        origin = found.worst()
        service = inquiry.subject.kind == "host" and _is_service(found) and speaks_of_plugins(module)
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


def _asks_itself(module: Module, call: Call) -> bool:
    """Tell whether a client is made to ask its own program: ``AsyncClient(transport=ASGITransport(app=app))``."""
    client = strip(call.receiver) if call.receiver is not None else None
    bound = module.scopes.lookup(client.id, client) if isinstance(client, Name) else []
    made = next((strip(one.items[0][0]) for one in bound if isinstance(one, With) and one.items), None)
    if made is None and client is not None:
        held = module.scopes.origin(client)
        made = held if isinstance(held, Expr) else None
    transport = (
        module.scopes.origin(made.keywords["transport"])
        if isinstance(made, Call) and "transport" in made.keywords
        else None
    )
    return isinstance(transport, Call) and transport.name in ("ASGITransport", "WSGITransport")


def _is_no_address(module: Module, call: Call, address: Expr) -> bool:
    """Tell whether a file is read, or a thing is picked by its key: ``pathToFileURL(file)``, ``User.get(user_id)``."""
    made = module.scopes.origin(address)
    if isinstance(made, Call) and made.name in ("pathToFileURL", "as_uri"):
        return True
    return call.name != "fetch" and set(last_words(address)[-1:]) <= _KEYS and isinstance(strip(address), Name | Member)


def _is_sent_on(module: Module, address: Expr) -> bool:
    """Tell whether a client sends the request that it is handed: ``driver.send(request)`` asks for ``request.url``."""
    made = module.scopes.origin(address)
    taken = strip(made if isinstance(made, Expr) else address)
    while isinstance(taken, Call) and taken.args:  # ``str(request.url)``
        taken = strip(taken.args[0])
    held = strip(taken.object) if isinstance(taken, Member) else None
    while isinstance(held, Member):
        held = strip(held.object)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    if not bound or not all(isinstance(one, Param) for one in bound):
        return False
    function, cls = function_of(address), class_of(address)
    around = {*words(PurePosixPath(module.path).stem), *(words(function.name) if function is not None else ())}
    around |= {word for base in (cls.bases if cls is not None else ()) for word in last_words(base)}
    return bool((around | set(words(cls.name) if cls is not None else ())) & _CLIENTS)


def _every_one_limited(module: Module, address: Expr, call: Call, found: Trace) -> bool:
    """Tell whether an address is checked: as it is asked for, or each of those that it may be one of."""
    made = module.scopes.origin(address)
    choice = [made.left, made.right] if isinstance(made, Binary) and made.op in ("??", "or") else []
    if isinstance(made, Conditional):
        choice = [made.then, made.other]
    if not choice or limited(module, [address], call):
        return limited(module, [address], call, found.names)
    traces = [(one, trace(module, one)) for one in choice]
    return all(
        limited(module, [one], call, traced.names) or not traced.kinds() - {"environment", "unknown", "file"}
        for one, traced in traces
    )


def _host_is_fixed(module: Module, address: Expr) -> bool:
    """Tell whether only the path of an address varies: here, or in whatever the calls of a helper hand to it."""
    if _starts_with_host(leading_text(module, address)) or _goes_on_with_path(module, address):
        return True
    if _begins_with_own(module, address):
        return True
    param = module.scopes.origin(address)
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function) or not function.name:
        return False
    fixed = False
    for fixed in islice(_hands_over_host(module, function, param), _MOST_SITES):
        if not fixed:
            return False
    return fixed


def _hands_over_host(module: Module, function: Function, param: Param) -> Iterator[bool]:
    """Tell of each call of a function, those of its own file first, whether what is handed over names the host."""
    name, position = function.name, function.params.index(param)
    own = (module.path, function.raw.start_byte)

    def told(other: Module) -> tuple[tuple[str, tuple[str, int], bool], ...]:
        return tuple(_calls_with_host(other, name, position, param.name))

    asked = f"host handed to {name} {position} {param.name}"
    project = module.project
    others = project.answers(asked, told, {name}, tests=False, showing=calls(name)) if project is not None else ()
    yield from (fixed for _caller, meant, fixed in told(module) if meant == own)
    elsewhere = chain.from_iterable(others)
    yield from (fixed for caller, meant, fixed in elsewhere if meant == own and caller != module.path)


def _calls_with_host(
    module: Module, name: str, position: int, keyword: str
) -> Iterator[tuple[str, tuple[str, int], bool]]:
    """Yield path, function meant, and whether the argument names the host, for each call of this name in a file."""
    for call in module.calls((name,)):
        found = definition(module, call.callee)
        if isinstance(found, Function):
            given = call.arg(position, keyword)
            fixed = given is not None and _names_host(module, given)
            yield module.path, (found.module.path, found.raw.start_byte), fixed


def _names_host(module: Module, given: Expr, depth: int = 4) -> bool:
    """Tell whether an address names its host whichever way it is made: in each branch, in each call."""
    if _starts_with_host(leading_text(module, given)):
        return True
    start = strip(given)
    if isinstance(start, Template) and start.items:  # url + "/languages"
        start = strip(start.items[0])
    bound = module.scopes.lookup(start.id, start) if isinstance(start, Name) and depth else []
    ways: list[bool] = []
    for one in bound:
        if isinstance(one, Param):
            ways.append(_handed_host(module, one, depth - 1))
        elif isinstance(one, Assign) and one.value is not None:
            made_of_itself = any(name.id == getattr(start, "id", "") for name in find(one.value, Name))
            ways.append(made_of_itself or _names_host(module, one.value, depth - 1))
        else:
            return False
    return bool(ways) and all(ways)


def _handed_host(module: Module, param: Param, depth: int) -> bool:
    """Tell whether each call of a function in its file hands over an address that names its host."""
    function = param.parent
    if not isinstance(function, Function) or not function.name:
        return False
    position = function.params.index(param)
    calls_of_it = [one for one in module.calls((function.name,)) if _is_call_of(module, one, function)]
    handed = [one.arg(position, param.name) for one in calls_of_it[:_MOST_SITES]]
    return bool(handed) and all(one is not None and _names_host(module, one, depth) for one in handed)


def _is_call_of(module: Module, call: Call, function: Function) -> bool:
    found = definition(module, call.callee)
    return isinstance(found, Function) and found.raw.start_byte == function.raw.start_byte


def _begins_with_own(module: Module, address: Expr) -> bool:
    """Tell whether an address of the object itself stands in front of a path: ``f"{self.api_url}/repos/{name}"``.

    So does that of a record which was looked up: ``client = await Client.get(name)``, ``f"{client.server}/{path}"``.
    """
    first = _before_path(module.scopes.origin(address))
    if not isinstance(first, Member):
        return False
    return (is_this_member(first) and not _ADDRESSES.isdisjoint(last_words(first)[-1:])) or _is_of_record(module, first)


def _before_path(made: object) -> Expr | None:
    """Return the value that a made address begins with, where a path of the program's own follows it."""
    if isinstance(made, Template) and len(made.items) > 1:
        begin, behind = made.items[0], made.items[1]
        path = isinstance(behind, Literal) and str(behind.value).startswith("/")
        return strip(begin) if path and isinstance(begin, Expr) else None
    if isinstance(made, Call) and made.name == "format" and made.receiver is not None and made.args:
        text = strip(made.receiver)
        begins = isinstance(text, Literal) and str(text.value).startswith(("{}/", "{0}/"))
        return strip(made.args[0]) if begins else None
    return None


def _is_of_record(module: Module, first: Member) -> bool:
    """Tell whether a field is one of a record that a class of the program was asked for."""
    found = module.scopes.origin(first.object)
    asked = strip(found.receiver) if isinstance(found, Call) and found.receiver is not None else None
    return isinstance(asked, Name) and asked.id[:1].isupper() and isinstance(definition(module, asked), Class)


def _goes_on_with_path(module: Module, address: Expr) -> bool:
    """Tell whether a host that is written out is followed by the path of the request itself, which begins with '/'."""
    made = module.scopes.origin(address)
    parts = made.items if isinstance(made, Template) else [made.left, made.right] if isinstance(made, Binary) else []
    _scheme, separator, host = leading_text(module, address).partition("://")
    second = strip(parts[1]) if len(parts) > 1 and isinstance(parts[1], Expr) else None
    return bool(separator and host) and isinstance(second, Member) and second.name in _PATHS


def _starts_with_host(start: str) -> bool:
    """Tell whether a text names its host, or none: a path goes to the server that the client was made for."""
    _scheme, separator, rest = start.partition("://")
    return "/" in rest if separator else start.startswith("/") and not start.startswith("//")


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
