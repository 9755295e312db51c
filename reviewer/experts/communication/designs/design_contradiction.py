"""Holds a design against the decision rules of this expert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.designs import contradictions

if TYPE_CHECKING:
    from collections.abc import Iterator


@subject_check("COM095")
def design_contradiction(inquiry: Inquiry) -> Iterator[Match]:
    """Yield what the design decides that can't stand together."""
    yield from contradictions(inquiry, "communication")
