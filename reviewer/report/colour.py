"""The few styles of the text output; a colour only repeats what a word already says."""

from __future__ import annotations

from enum import StrEnum

from reviewer.core.scale import Severity


class Style(StrEnum):
    """A role in the text; the value is the parameter of the terminal's SGR sequence."""

    PLAIN = ""
    STRONG = "1"
    FAINT = "2"
    CRITICAL = "1;37;41"
    HIGH = "1;31"
    MEDIUM = "1;33"
    LOW = "1;36"
    INFO = "1;94"
    GOOD = "1;32"
    FRAME = "94"


BY_SEVERITY = {
    Severity.CRITICAL: Style.CRITICAL,
    Severity.HIGH: Style.HIGH,
    Severity.MEDIUM: Style.MEDIUM,
    Severity.LOW: Style.LOW,
    Severity.INFO: Style.INFO,
}
"""How a severity word is painted."""

UNDER_SPAN = {**BY_SEVERITY, Severity.CRITICAL: Style.HIGH}
"""How the carets of a severity are painted: the background of ``critical`` would be a bar."""


def paint(text: str, style: Style) -> str:
    """Wrap text that is already safe in a style."""
    return f"\x1b[{style.value}m{text}\x1b[0m" if style.value and text else text
