"""The seven experts, in the order in which every result lists them."""

from __future__ import annotations

from typing import Final

EXPERTS: Final = (
    "fundamentals",
    "api",
    "registry",
    "security",
    "lifecycle",
    "communication",
    "patterns",
)

RULE_PREFIXES: Final = {
    "FUN": "fundamentals",
    "API": "api",
    "REG": "registry",
    "SEC": "security",
    "LIF": "lifecycle",
    "COM": "communication",
    "PAT": "patterns",
}
"""Rule id prefix to expert; a rule's id always starts with its expert's prefix."""
