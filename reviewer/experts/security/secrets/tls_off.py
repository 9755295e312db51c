"""SEC057: certificates of servers aren't checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Call, Literal, Member, Name, Object
from reviewer.code.walk import walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_UNVERIFIED: Final = frozenset({"ssl._create_unverified_context", "ssl._create_stdlib_context"})
_OPTIONS: Final = {
    "rejectUnauthorized": False,
    "verify": False,
    "verify_ssl": False,
    "check_hostname": False,
    "ssl_verify": False,
}
_SWITCHES: Final = word_set("verify insecure unverified unauthorized selfsigned validate check skip trust strict")
"""Words of a setting by which a person decides whether certificates are checked."""
_CLIENTS: Final = ("requests", "httpx", "aiohttp", "urllib3", "session", "client", "get", "post", "request", "context")


@module_check("SEC057", words={"unauthorized", "verify", "unverified", "tls", "hostname", "cert", "ssl"})
def certificates_unchecked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for every switch that turns the check of certificates off."""
    if module.is_test:
        return
    for node in module.all_nodes:
        switch = _switch(module, node)
        if switch:
            yield Match(
                node,
                f"{switch} turns the check of certificates off: whoever sits on the way can answer for the server.",
                confidence=Confidence.POSSIBLE if _asked_for(node) else None,
            )


def _asked_for(node: Node) -> bool:
    """Tell whether a person switches the check off by a setting: it goes off only where the switch says so."""
    return any(
        isinstance(part, Name | Member) and (set(last_words(part)) & _SWITCHES or last_words(part) == ("cert", "none"))
        for condition in conditions(node)
        for part in walk(condition.test)
    )


def _switch(module: Module, node: Node) -> str:
    if isinstance(node, Object):
        value = node.get("rejectUnauthorized")
        return "'rejectUnauthorized: false'" if _is(module, value, wanted=False) else ""
    if isinstance(node, Assign) and isinstance(node.target, Member) and node.value is not None:
        name = node.target.name
        off = _is(module, node.value, wanted=False)
        if name == "NODE_TLS_REJECT_UNAUTHORIZED" and _text(node.value) == "0":
            return f"'{name}'"
        if name in ("rejectUnauthorized", "check_hostname") and off:
            return f"'{name}'"
        if name == "verify_mode" and module.resolve(node.value).endswith("CERT_NONE"):
            return "'CERT_NONE'"
        return f"'{name}'" if name == "verify" and off and "session" in module.text_of(node.target).lower() else ""
    if isinstance(node, Call):
        name = module.resolve(node.callee)
        if name in _UNVERIFIED:
            return f"'{name}'"
        network = any(part in name.lower() or part in node.name.lower() for part in _CLIENTS)
        for option, wanted in _OPTIONS.items():
            if network and _is(module, node.keywords.get(option), wanted=wanted):
                return f"'{option}=False'"
        if name.startswith("aiohttp.") and _is(module, node.keywords.get("ssl"), wanted=False):
            return "'ssl=False'"
    return ""


def _text(expr: Expr) -> str:
    return str(expr.value) if isinstance(expr, Literal) else ""


def _is(module: Module, expr: Expr | None, *, wanted: bool) -> bool:
    value = module.scopes.origin(expr) if expr is not None else None
    return isinstance(value, Literal) and value.value is wanted
