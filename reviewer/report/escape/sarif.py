"""Text and addresses for SARIF, whose readers follow links and resolve addresses."""

from __future__ import annotations

from urllib.parse import quote

from reviewer.report.address import segments
from reviewer.report.escape.terminal import field


def message(text: str) -> str:
    """Return a message as one visible line without links.

    ``[text](target)`` is a link in SARIF's plain text too; a space between takes that away.
    Markdown in a message is not interpreted, since no message claims to be Markdown.
    """
    return field(text).replace("](", "] (")


def relative_uri(*parts: str) -> str:
    """Join paths to one percent-encoded relative URI.

    It never starts with a slash or a scheme and never climbs: empty, ``.`` and ``..`` segments
    and drives are left out, everything but letters, digits, ``-._~`` and ``/`` is encoded. An
    empty result is ``.``.
    """
    return "/".join(quote(_encoded(name), safe="") for name in segments(*parts)) or "."


def _encoded(segment: str) -> bytes:
    """Return the bytes of a name: those on disk where the name carries undecodable bytes."""
    try:
        return segment.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return segment.encode("utf-8", "surrogatepass")
