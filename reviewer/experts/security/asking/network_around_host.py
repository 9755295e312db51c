"""SEC444: a plugin talks to a server by itself, though its host has a network service that it asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.experts.check import Match, subject_check
from reviewer.experts.permission_use import picture
from reviewer.subject.permission_table import permission_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_FIELDS: Final = ("requiredFeatures", "required_features", "requiredServices", "required_services")
"""Where a manifest names the services of its host that a plugin cannot do without."""
_SOCKETS: Final = frozenset({"WebSocket", "EventSource"})
_LINES: Final = frozenset({"socket", "websocket", "ws", "connect", "stream", "subscribe", "sse"})
"""Words of what a network service offers beside single requests."""


@subject_check("SEC444")
def network_around_host(inquiry: Inquiry) -> Iterator[Match]:
    """Report each use of the network that goes around the service of the host."""
    table = permission_table(inquiry.subject.ecosystem)
    document = inquiry.manifest
    if document is None or table is None or inquiry.subject.kind != "plugin":
        return
    found = picture(inquiry)
    if not any(_is_network(item.permission) for item in found.declared):
        return  # nothing was asked for at all, which is a finding of its own
    served = next((use for use in found.used if not use.direct and _is_network(use.permission)), None)
    required = next((item for item in _required(document.root) if table.resource(item.text) == "network"), None)
    if served is None and required is None:
        return  # a host that grants the network and leaves the plugin to its own client
    by = f"'{served.call}' elsewhere in the plugin" if served is not None else "the service that the manifest requires"
    lines = any(_LINES & set(words(use.call)) for use in found.used if not use.direct and _is_network(use.permission))
    for use in found.used:
        if use.call in _SOCKETS and served is not None and not lines:
            continue  # a service that was only seen to fetch holds no line open
        if use.direct and use.sure and _is_network(use.permission):
            yield Match(
                use.at,
                f"'{use.call}' goes around {by}: the host's list of hosts, its limits and its log don't see the "
                "request.",
            )


def _is_network(permission: str) -> bool:
    return permission.split(".", 1)[0] == "network" and not permission.endswith(".listen")


def _required(manifest: Value) -> Iterator[Value]:
    for name in _FIELDS:
        named = manifest.get(name)
        if named is not None:
            yield from named.items()
