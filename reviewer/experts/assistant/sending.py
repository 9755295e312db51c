"""Calls by which the code of a plugin sends something to an address of somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Call, Literal, Object, Template, strip
from reviewer.core.regex import regex
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_SENDERS: Final = frozenset({"post", "put", "patch", "request", "urlopen", "Request", "fetch", "sendBeacon"})
_BODIES: Final = ("data", "json", "body", "content", "files")
_ADDRESS: Final = regex(r"(?:https?|wss?)://([A-Za-z0-9.-]{1,200})")
LOCAL: Final = r"^(localhost|127\.|0\.0\.0\.0|host\.docker\.internal|\[)|\.local$"


class Sending(Struct, frozen=True):
    """One call with a body, and the host that it goes to; empty where that is not written there."""

    call: Call
    host: str
    bodies: tuple[Expr, ...]


def sendings_of(module: Module) -> Iterator[Sending]:
    """Yield the calls of a module that send a body elsewhere than to this machine."""
    for call in module.all(Call):
        if call.name not in _SENDERS:
            continue
        bodies = [call.keywords[name] for name in _BODIES if name in call.keywords]
        for argument in call.args[1:]:
            bare = strip(argument)
            if isinstance(bare, Object):
                bodies += [value for name in _BODIES if (value := bare.get(name)) is not None]
            elif call.name in ("post", "put", "patch", "urlopen", "Request", "sendBeacon"):
                bodies.append(bare)
        host = _host(module, call)
        if bodies and not (host and found(LOCAL, host)):
            yield Sending(call, host, tuple(bodies))


def _host(module: Module, call: Call) -> str:
    """Return the host in the address that a call is given, by a text or by a name that stands for one."""
    first = call.arg(0, "url")
    if first is None:
        return ""
    origin = module.scopes.origin(first)
    for expr in (strip(first), origin):
        texts = expr.items if isinstance(expr, Template) else [expr]
        for text in texts:
            hit = _ADDRESS.match(text.value) if isinstance(text, Literal) and isinstance(text.value, str) else None
            if hit is not None:
                return hit[1]
    return ""
