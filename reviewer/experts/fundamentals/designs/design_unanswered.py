"""Finds what a design leaves to a default although everything else rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.designs import design_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASKED: Final = ("authors", "languages", "host_runtime", "data")
"""Who writes plugins, in what, where they run, and what they reach."""


@subject_check("FUN097")
def design_unanswered(inquiry: Inquiry) -> Iterator[Match]:
    """Yield one match that names every such input which nobody has answered."""
    found, document = design_of(inquiry), inquiry.manifest
    if found is None or found.decided is None or document is None:
        return
    answers = found.decided.answers
    missing = [answers[key] for key in _ASKED if not answers[key].given]
    if not missing:
        return
    spelled = ", ".join(
        f"{one.key} (taken for {', '.join(one.value) if isinstance(one.value, tuple) else one.value})"
        for one in missing
    )
    place = document.get("inputs") or document.get("host") or document.root
    yield Match(place, f"nobody has answered {spelled}, and everything else rests on it")
