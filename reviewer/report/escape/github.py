"""Text for GitHub's workflow commands, whose data and properties have separators of their own."""

from __future__ import annotations

from typing import Final

from reviewer.report.escape.terminal import field, no_command

_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def data(*lines: str) -> str:
    """Return lines as the message of a command: each visible and bounded, the breaks between them encoded."""
    return "\n".join(field(line) for line in lines).translate(_DATA)


def prop(text: str) -> str:
    """Return a text as the value of a property of a command."""
    return field(text).translate(_PROPERTY)


def line(text: str) -> str:
    """Return a text as one line of the log that is no command."""
    return no_command(field(text))
