"""FUN275: a server that can't be started or reached as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import nearest
from reviewer.experts.assistant.host import PLUGIN
from reviewer.experts.assistant.servers import servers_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.assistant.servers import Server
    from reviewer.experts.check import Inquiry

_TYPES: Final = {
    "stdio": "command", "http": "url", "streamable-http": "url", "sse": "url", "ws": "url", "sse-ide": "url",
    "ws-ide": "url", "sdk": "",
}  # fmt: skip
"""What each type of server has to say."""
_KEYS: Final = (
    "command",
    "args",
    "env",
    "type",
    "url",
    "headers",
    "headersHelper",
    "timeout",
    "cwd",
    "oauth",
    "alwaysLoad",
)
_SLIPS: Final = {
    "arguments": "args",
    "arg": "args",
    "cmd": "command",
    "environment": "env",
    "header": "headers",
    "uri": "url",
}
_KINDS: Final = {
    "command": "string",
    "url": "string",
    "type": "string",
    "args": "array",
    "env": "object",
    "headers": "object",
}
_SAID: Final = {"string": "a text", "array": "a list of texts", "object": "an object with texts"}


@subject_check("FUN275")
def server_shape(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the shape of every server."""
    if inquiry.subject.ecosystem == PLUGIN:
        for server in servers_of(inquiry):
            yield from _server(server)


def _server(server: Server) -> Iterator[Match]:
    value = server.value
    for key, kind in _KINDS.items():
        held = value.get(key)
        if held is not None and held.kind != kind:
            yield Match(held, f"'{key}' of the server '{short(server.name)}' is {held.kind}; expected {_SAID[kind]}.")
    for key, held in value.members():
        meant = _SLIPS.get(key) or (nearest(key, _KEYS) if key not in _KEYS and len(key) > 3 else None)
        if key not in _KEYS and meant is not None and value.get(meant) is None and key[:2].lower() == meant[:2]:
            yield Match(
                held.key or held,
                f"No host reads '{short(key)}' of a server; '{meant}' is meant.",
                fix=f"Write '{meant}'.",
            )
            return
    kind = server.text("type")
    if kind and kind not in _TYPES:
        near = nearest(kind, _TYPES)
        hint = f"; '{near}' is near" if near else ""
        yield Match(value.get("type") or value, f"There is no type of server '{short(kind)}'{hint}.")
        return
    needed = _TYPES[kind] if kind else ""
    has = {key for key in ("command", "url") if server.text(key)}
    if (needed and needed not in has) or (not kind and not has):
        wanted = f"'{needed}'" if needed else "'command' or 'url'"
        yield Match(
            value.key or value, f"The server '{short(server.name)}' has no {wanted}: nothing can be started or reached."
        )
    elif not kind and has == {"url"}:
        yield Match(
            value.get("url") or value,
            f"The server '{short(server.name)}' has an address and no type: it is taken for a program, and refused.",
            fix='Add "type": "http".',
        )
