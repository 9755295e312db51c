"""SEC008: an empty allow-list allows everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.open_lists import TRIGGERS, open_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC008", words=TRIGGERS)
def empty_list_allows(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Report every allow-list whose emptiness means everything."""
    if module.is_test:
        return
    for place in open_lists(inquiry, module):
        yield Match(
            place.at,
            f"An empty or missing '{short(place.name)}' lets everything pass: nothing listed means nothing denied.",
        )
