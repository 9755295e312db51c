"""SEC074: every page may read answers with the user's session; SEC075: everybody in the network may connect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    strip,
)
from reviewer.code.walk import function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.patterns import found as pattern_found
from reviewer.experts.paths import last_words
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.places import steps
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_EVERYWHERE: Final = frozenset({"0.0.0.0", "::", "[::]"})  # noqa: S104  # what the rule is about
_SERVES: Final = frozenset(
    "listen run serve create_server start_server bind run_app createServer WebSocketServer Server HTTPServer "
    "uvicorn.run ThreadingHTTPServer TCPServer ThreadingTCPServer UDPServer ThreadingUDPServer make_server "
    "run_simple Config serve_forever".split()
)
_ASKS: Final = frozenset("token auth authorization authenticate secret credentials session password tls".split())
"""A module with one of these words may ask who connects."""
_OF_GROUPS: Final = frozenset({"multicast", "membership", "igmp"})
"""Words of what hears a group of the network, to which nobody connects and which has no address of its own."""
_SAYS: Final = "Every page that a user visits may call this with the user's session and read the answer."
_SETTERS: Final = ("setHeader", "header", "set", "append")
_ORIGIN: Final = "access-control-allow-origin"
_CREDENTIALS: Final = "access-control-allow-credentials"


@module_check("SEC075", words={"listen", "run", "serve", "server", "bind"})
def open_listener(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for servers that take connections from everywhere and ask nobody who they are."""
    if module.is_test or is_tooling(module):
        return
    asks = module.words & _ASKS
    if asks and _turns_away(module):
        return
    tail = "" if asks else ", and nothing here asks who it is"
    for node in module.all(Call):
        if node.name not in _SERVES or (node.name == "bind" and module.words & _OF_GROUPS):
            continue
        told = [*node.args, *node.keywords.values()]
        if any(_is_everywhere(module, argument) for argument in told) or _on_no_address(module, node):
            yield Match(
                node,
                f"Everybody in the network may connect to this server{tail}.",
                confidence=Confidence.POSSIBLE if asks else Confidence.LIKELY,
            )


def _on_no_address(module: Module, call: Call) -> bool:
    """Tell whether a server of asyncio or of Node's sockets is told of no address, and so takes all of them.

    ``start_server(talk, None, port)``, ``net.createServer(talk).listen(port)``
    """
    if call.name == "listen":
        return _listens_on_port(module, call)
    if call.name not in ("start_server", "create_server") or "sock" in call.keywords:
        return False
    if "host" in call.keywords or len(call.args) > 1:
        host = strip(call.keywords.get("host") or call.args[1])
        return isinstance(host, Literal) and host.value in (None, "")
    return len(call.args) == 1 and "port" in call.keywords


def _listens_on_port(module: Module, call: Call) -> bool:
    made = module.scopes.origin(call.receiver) if call.receiver is not None else None
    of_sockets = isinstance(made, Call) and module.resolve(made.callee) in ("net.createServer", "net.Server")
    port = strip(call.args[0]) if call.args else None
    if not of_sockets or not isinstance(port, Literal | Name | Member):
        return False
    if not set(last_words(port)) & {"port"} and not (isinstance(port, Literal) and isinstance(port.value, int)):
        return False
    return len(call.args) == 1 or isinstance(strip(call.args[1]), Function)


def _turns_away(module: Module) -> bool:
    """Tell whether a module compares what callers show in the right way, or sends them away as unknown."""
    if any(True for _ in module.calls(("compare_digest", "timingSafeEqual"))):
        return True
    return any(text.value in (401, 403) and not isinstance(text.value, bool) for text in module.all(Literal))


def _is_everywhere(module: Module, expr: Expr, depth: int = 0) -> bool:
    origin = module.scopes.origin(expr)
    if isinstance(origin, Literal):
        return origin.value in _EVERYWHERE
    if depth > 1:
        return False
    if isinstance(origin, Object):
        values = [value for name in ("host", "hostname", "address") if (value := origin.get(name)) is not None]
        return any(_is_everywhere(module, value, depth + 1) for value in values)
    items = getattr(origin, "items", None)
    if isinstance(origin, Array) and isinstance(items, list) and items:
        port = items[1] if len(items) > 1 else None
        if isinstance(port, Literal) and port.value == 0:
            return False  # only asks for a port that is free
        return _is_everywhere(module, items[0], depth + 1) or (isinstance(items[0], Literal) and items[0].value == "")
    return False


@module_check("SEC074", words={"cors", "origin", "origins", "credentials"})
def open_origins(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for answers that every page may read with the user's session."""
    if module.is_test:
        return
    for node in module.all_nodes:
        if isinstance(node, Call) and _middleware(module, node):
            yield Match(node, _SAYS)
        if isinstance(node, Object) and _headers(module, node):
            yield Match(
                node, "These headers let every page that a user visits read the answer with the user's session."
            )
    yield from _set_one_by_one(module)


def _middleware(module: Module, call: Call) -> bool:
    options = next((o for a in call.args if isinstance(o := module.scopes.origin(a), Object)), None)
    registered = call.name == "register" and bool(call.args) and "cors" in last_words(call.args[0])
    if (call.name == "cors" or registered) and options is not None:
        return _is(module, options.get("credentials"), True) and _any_origin(module, options.get("origin"))
    words = call.keywords
    if call.name in ("CORSMiddleware", "add_middleware"):
        return _is(module, words.get("allow_credentials"), True) and (
            _any_origin(module, words.get("allow_origins")) or _any_origin(module, words.get("allow_origin_regex"))
        )
    if call.name == "CORS":
        return _is(module, words.get("supports_credentials"), True) and _any_origin(module, words.get("origins"))
    return False


def _any_origin(module: Module, expr: Expr | None) -> bool:
    if expr is None:
        return False
    origin = module.scopes.origin(expr)
    if isinstance(origin, Literal):
        return origin.value in ("*", True, ".*")
    return isinstance(origin, Array) and any(_any_origin(module, item) for item in getattr(origin, "items", ()))


def _is(module: Module, expr: Expr | None, value: object) -> bool:
    origin = module.scopes.origin(expr) if expr is not None else None
    return isinstance(origin, Literal) and (origin.value is value or str(origin.value).lower() == str(value).lower())


def _headers(module: Module, headers: Object) -> bool:
    by_name = {str(key.value).lower(): value for key, value in headers.entries if isinstance(key, Literal)}
    allowed = by_name.get(_ORIGIN)
    if allowed is None or not _is(module, by_name.get(_CREDENTIALS), True):
        return False
    return _any_origin(module, allowed) or _echoes(module, allowed)


def _echoes(module: Module, expr: Expr) -> bool:
    """Tell whether the origin of the request is sent back whatever it is."""
    made = module.scopes.origin(expr)
    text = module.text_of(expr)
    if isinstance(made, Expr):  # ``const { origin } = req.headers`` as well
        text = " ".join((text, module.text_of(made), ".".join(steps(made))))
    return pattern_found(r"(?i)headers?\W{1,3}(get\W{1,3})?origin", text) and "request" in trace(module, expr).kinds()


def _set_one_by_one(module: Module) -> Iterator[Match]:
    """Yield ``setHeader`` of any origin where the same function also allows credentials."""
    origins: list[Node] = []
    credentials: set[int] = set()
    chosen: set[int] = set()  # functions that allow another origin, too
    for node, name, value in _set_headers(module):
        said = str(name.value).lower() if isinstance(name, Literal) else ""
        if said == _ORIGIN and (_any_origin(module, value) or _is_sent_back(module, node, value)):
            origins.append(node)
        elif said == _ORIGIN:
            chosen.add(id(function_of(node)))
        elif said == _CREDENTIALS and _is(module, value, True):
            credentials.add(id(function_of(node)))
    for place in origins:
        # A browser refuses a session for '*': where others are answered by name, '*' is what is open to all.
        if id(function_of(place)) in credentials - chosen:
            yield Match(place, _SAYS)


def _is_sent_back(module: Module, node: Node, value: Expr) -> bool:
    """Tell whether the request's own origin is allowed, and nothing looks at it before."""
    return _echoes(module, value) and not limited(module, [value], node)


def _set_headers(module: Module) -> Iterator[tuple[Node, Expr, Expr]]:
    """Yield where one header is set, with its name and value: by a call, or as an entry of the headers."""
    for node in module.some(Call, Assign):
        if isinstance(node, Call) and len(node.args) > 1 and node.name in _SETTERS:
            yield node, node.args[0], node.args[1]
        elif isinstance(node, Assign) and isinstance(node.target, Index) and node.value is not None:
            yield node, node.target.key, node.value
