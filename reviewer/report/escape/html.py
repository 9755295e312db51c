"""Text for HTML: made visible here, its markup escaped by the template engine; and addresses that may be links."""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from reviewer.core.regex import regex
from reviewer.report.escape.terminal import field

_HTTPS: Final = regex(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/?#\[\]-]*)?")


def text(value: Any) -> Any:
    """Return what a template prints: a text visible and of bounded length, anything else as it is."""
    return field(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def link(address: str) -> str:
    """Return an address where it may be followed, else nothing: only https, and only what an address may hold."""
    return address if _HTTPS.fullmatch(address) else ""
