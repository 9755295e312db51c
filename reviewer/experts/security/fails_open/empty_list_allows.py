"""SEC008: an empty allow-list allows everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.fails_open.open_lists import TRIGGERS, open_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


_SHOWN: Final = word_set(
    "sections columns fields tags type types kinds formats levels sizes languages locales keys props properties "
    "attributes values options colors themes views tabs extnames suffixes mimetypes statuses states ttl ttls "
    "queue queues consumer consumers"
)
"""Things that a list picks for show or by form, and seldom for safety."""
_FILTERS: Final = frozenset({"patterns", "self", "this", "options", "args", "opts"})
"""Words of a list of patterns that says nothing of what it is for."""


@module_check("SEC008", words=TRIGGERS)
def empty_list_allows(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Report every allow-list whose emptiness means everything."""
    if module.is_test:
        return
    for place in open_lists(inquiry, module):
        said = set(words(place.name))
        yield Match(
            place.at,
            f"An empty or missing '{short(place.name)}' lets everything pass: nothing listed means nothing denied.",
            # What a plugin leaves through is mostly a choice of its user's, and no right.
            confidence=Confidence.POSSIBLE
            if said & _SHOWN or said <= _FILTERS or inquiry.subject.kind == "plugin"
            else None,
        )
