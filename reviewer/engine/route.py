"""Chooses the experts of a review, and keeps why each was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError
from reviewer.core.experts import EXPERTS
from reviewer.core.nearest import did_you_mean
from reviewer.core.regex import regex
from reviewer.core.review import RouteStep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORD: Final = regex(r"[^\W_]+")
_MOST_WORDS: Final = 400
"""Words of a request that are looked at."""


def route(
    named: Iterable[str], request: str, keywords: Mapping[str, Iterable[str]], origin: str = "the command line"
) -> tuple[RouteStep, ...]:
    """Return the experts to ask, in the fixed order of the seven.

    Experts that are named win over the words of ``request``, which win over asking everybody.
    ``keywords`` maps an expert to its routing keywords; a keyword of several words must stand in
    the request in that order. Raises `UsageError` for an expert that does not exist.
    """
    chosen = set(named)
    for name in sorted(chosen):
        if name not in EXPERTS:
            raise UsageError(
                f"there is no expert {name!r}{did_you_mean(name, EXPERTS)} (experts: {', '.join(EXPERTS)})"
            )
    if chosen:
        return tuple(RouteStep(expert, f"named on {origin}") for expert in EXPERTS if expert in chosen)
    by_words = _by_words(request, keywords)
    if by_words:
        return by_words
    if request.strip():
        why = "no word of the request is a keyword of an expert, so all were asked"
    else:
        why = "nothing was named, so all were asked"
    return tuple(RouteStep(expert, why) for expert in EXPERTS)


def _by_words(request: str, keywords: Mapping[str, Iterable[str]]) -> tuple[RouteStep, ...]:
    words = [word.casefold() for word in _WORD.findall(request)[:_MOST_WORDS]]
    if not words:
        return ()
    text = f" {' '.join(words)} "
    steps = []
    for expert in EXPERTS:
        hits = sorted(
            {
                keyword
                for keyword in (expert, *keywords.get(expert, ()))
                if (spelled := " ".join(_WORD.findall(keyword.casefold()))) and f" {spelled} " in text
            }
        )
        if hits:
            quoted = ", ".join(repr(hit) for hit in hits)
            steps.append(RouteStep(expert, f"the request says {quoted}"))
    return tuple(steps)
