"""How the words of the domain look: a sign and a word for everything, a colour only besides."""

from __future__ import annotations

from typing import Final

from reviewer.core.checklist import Status
from reviewer.core.scale import Severity

SEVERITY_SIGN: Final = {
    Severity.CRITICAL: "◆",
    Severity.HIGH: "▲",
    Severity.MEDIUM: "■",
    Severity.LOW: "●",
    Severity.INFO: "○",
}
STATUS_SIGN: Final = {
    Status.PASS: "✓",
    Status.FAIL: "✗",
    Status.WAIVED: "~",
    Status.NOT_APPLICABLE: "-",
    Status.NOT_ASSESSED: "?",
}
STATUS_STYLE: Final = {
    Status.PASS: "$text-success",
    Status.FAIL: "$text-error",
    Status.WAIVED: "$text-warning",
    Status.NOT_APPLICABLE: "$faint",
    Status.NOT_ASSESSED: "$text-primary",
}
GATE: Final = {"pass": ("✓ passes", "$text-success"), "fail": ("✗ fails", "$text-error")}
INCOMPLETE: Final = ("? is not complete", "$text-warning")

FAINT: Final = "$faint"
STRONG: Final = "bold"
ACCENT: Final = "$text-accent"
PRIMARY: Final = "$text-primary"


def severity_style(severity: Severity) -> str:
    """Return the style of a severity, as the theme has it."""
    return f"$severity-{severity.value}"


def meter(done: int, whole: int, width: int) -> tuple[str, str]:
    """Return the filled and the empty part of a bar."""
    filled = round(width * done / whole) if whole else 0
    return "━" * filled, "─" * (width - filled)


def ago(seconds: float) -> str:
    """Say how long ago something was, roughly."""
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {word}{'s' if number > 1 else ''} ago"
    return "just now"
