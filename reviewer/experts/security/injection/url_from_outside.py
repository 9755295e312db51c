"""SEC056: somebody outside says which server the program talks to."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Member,
    Name,
    Param,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, function_of
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.leading import leading_text
from reviewer.experts.paths import word_set
from reviewer.experts.security.guards import limited
from reviewer.experts.security.network_calls import NETWORK_WORDS, fetches
from reviewer.experts.security.provenance import trace
from reviewer.experts.security.sinks import said, shown
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.origins import Trace

_ADDRESSES: Final = word_set(
    "url uri href link address endpoint target host hostname webhook callback domain site input resource"
)
_SERVICES: Final = word_set(
    "network http https net fetch fetcher client gateway egress proxy request requester web api context services"
)


_PATHS: Final = frozenset({"baseUrl", "originalUrl", "path", "pathname"})
_MOST_SITES: Final = 30
"""Calls of one helper whose addresses are looked at."""


@module_check("SEC056", words=NETWORK_WORDS)
def url_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every address that the program talks to for who chose its host."""
    if module.is_test or is_tooling(module):
        return
    for call, address in fetches(module):
        if _host_is_fixed(module, address):
            continue
        found = trace(module, address)
        kinds = found.kinds()
        if not kinds - {"environment", "unknown", "file"} or _every_one_limited(module, address, call, found):
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

    def calls(other: Module) -> tuple[tuple[str, tuple[str, int], bool], ...]:
        return tuple(_calls_with_host(other, name, position, param.name))

    asked = f"host handed to {name} {position} {param.name}"
    others = module.project.answers(asked, calls, {name}, tests=False) if module.project is not None else ()
    yield from (fixed for _caller, meant, fixed in calls(module) if meant == own)
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
            fixed = given is not None and _starts_with_host(leading_text(module, given))
            yield module.path, (found.module.path, found.raw.start_byte), fixed


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
