"""Finds what a design file says that the model does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.designs import design_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@subject_check("FUN095")
def design_mistaken(inquiry: Inquiry) -> Iterator[Match]:
    """Yield every mistake of the file at its place."""
    found = design_of(inquiry)
    for mistake in found.mistakes if found is not None else ():
        yield Match(mistake.place, mistake.text)
