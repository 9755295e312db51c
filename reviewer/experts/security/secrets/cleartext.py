"""SEC058: data goes over the network without encryption; SEC071: to a host that the manifest doesn't name."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Name, Object, Param, Template, strip
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.patterns import found as pattern_found
from reviewer.experts.leading import leading_text
from reviewer.experts.permission_asked import host_of
from reviewer.experts.security.reaching.network_calls import NETWORK_WORDS, client_bases, fetches
from reviewer.experts.tooling import is_tooling
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value
    from reviewer.subject.permission_table import PermissionTable

_NEAR: Final = (
    r"^(localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[?::1|169\.254\.|host\.docker\.internal$)"
    r"|\.(local|localhost|internal|lan|test|invalid)$|^[^.]+$"
)
_HOSTS: Final = (
    "hosts", "allowedHosts", "allowed_hosts", "allowedDomains", "allowed_domains", "domains", "origins", "urls",
    "hostPermissions", "host_permissions", "fetch", "connect", "request", "outbound",
)  # fmt: skip
_MOST: Final = 200


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


@module_check("SEC058", words=NETWORK_WORDS)
def cleartext(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every request whose address is known."""
    if module.is_test or is_tooling(module):
        return
    for call, address in chain(fetches(module), client_bases(module)):
        start = leading_text(module, address)
        if module.resolve(call.callee) in ("http.get", "http.request") and isinstance(_options(module, call), Object):
            start = f"http://{start}"
        if start.startswith("http://") and _host(start) and not pattern_found(_NEAR, _host(start)):
            yield Match(
                call, f"What goes to '{_host(start)}' and back can be read and changed by everybody on the way."
            )


def _options(module: Module, call: Call) -> object:
    """Return what the first argument of a call is: Node's own client takes a record without a scheme."""
    return module.scopes.origin(call.args[0]) if call.args else None


@module_check("SEC071", words=NETWORK_WORDS)
def undeclared_host(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the hosts that a plugin talks to with those that its manifest names."""
    document = inquiry.manifest
    if document is None or inquiry.subject.kind != "plugin" or module.is_test or is_tooling(module):
        return
    table = permission_table(inquiry.subject.ecosystem)
    if table is None:
        return
    named = _named(document.root, table)
    if not named:
        return
    listed = ", ".join(sorted(named)[:3])
    for call, address in chain(fetches(module), client_bases(module)):
        for place, start in [(call, leading_text(module, address)), *_handed_addresses(module, address)]:
            host = _host(start) if "://" in start else ""
            if host and "." in host and not any(_covers(one, host) for one in named):
                yield Match(place, f"'{host}' is none of the hosts that the manifest names ({listed}).")


def _handed_addresses(module: Module, address: Expr) -> Iterator[tuple[Node, str]]:
    """Yield what a helper that makes the request is handed as its address, and where that is written."""
    param = module.scopes.origin(_first(module, address))
    helper = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(helper, Function) or not helper.name:
        return
    position = helper.params.index(param)
    for call in islice(module.calls((helper.name,)), _MOST):
        given = call.arg(position, param.name)
        if given is not None and definition(module, call.callee) is helper:
            yield _written(module, given) or call, leading_text(module, given)


def _first(module: Module, address: Expr) -> Expr:
    """Return what an address begins with: ``base`` of `${base}/latest`."""
    made = module.scopes.origin(address)
    if isinstance(made, Template) and made.items:
        return made.items[0]
    while isinstance(made, Binary) and made.op == "+":
        made = strip(made.left)
    return made if isinstance(made, Expr) else address


def _written(module: Module, given: Expr) -> Node | None:
    """Return the constant of the module that an address begins with."""
    first = strip(given)
    if isinstance(first, Template) and first.items:
        first = first.items[0]
    bound = module.scopes.lookup(first.id, first) if isinstance(first, Name) else []
    return bound[0] if len(bound) == 1 and isinstance(bound[0], Assign) and function_of(bound[0]) is None else None


def _named(root: Value, table: PermissionTable) -> set[str]:
    """Return the hosts that a manifest names anywhere under its permissions."""
    found: set[str] = set()
    pending = [value for name in ("permissions", *_HOSTS) if (value := root.get(name)) is not None]
    network = False
    for _ in range(_MOST):
        if not pending:
            break
        value = pending.pop()
        for key, member in value.members():
            network = network or key in _HOSTS
            if key in _HOSTS or member.kind == "object" or key in ("network", "http", "net"):
                pending.append(member)
        for item in value.items():
            text = item.text.lower()
            host = _host(text) if "://" in text else text.split("/")[0].split(":")[0]
            host = host_of(text) or ("" if table.knows(table.resource(host.split(".")[0])) else host)
            if "." in host or host in ("localhost", "*"):
                found.add(host)
            elif item.kind == "object":
                pending.append(item)
    return found


def _covers(pattern: str, host: str) -> bool:
    if pattern in ("*", host):
        return True
    bare = pattern.removeprefix("*.").removeprefix("**.")
    return bare != pattern and (host == bare or host.endswith("." + bare))
