"""API274: a page asks for a model by a name that is none."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from reviewer.experts.assistant.host import the_host
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_WHOLE: Final = r"[0-9/:.]|^claude-"
"""The whole name of a model, or one of another provider."""
_WORD: Final = r"^[A-Za-z]{2,20}$"
"""A single word, which is at the most the short name of a model."""


@subject_check("API274")
def unknown_model(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the model that every page asks for."""
    models = the_host().models
    for page in parts_of(inquiry).of("skill", "command", "agent"):
        value = page.get("model")
        name = value.text.strip() if value is not None else ""
        bare = name.removesuffix("[1m]")
        if value is None or not name or bare in models or found(_WHOLE, name):
            continue
        same = next((one for one in models if one == bare.lower()), "")
        close = get_close_matches(bare.lower()[:60], models, n=1, cutoff=0.7)
        near = same or (close[0] if close else "")
        if near:
            yield Match(
                value,
                f"There is no model '{short(name)}'; '{near}' is what it looks like.",
                fix=f"Write 'model: {near}'.",
            )
        elif found(_WORD, name):
            yield Match(
                value,
                f"There is no model '{short(name)}': the assistant knows {', '.join(models[:4])} and whole names.",
                fix=f"Write 'model: {models[0]}', or the name of a model.",
            )
