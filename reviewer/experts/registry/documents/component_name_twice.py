"""REG275: two skills or two agents of one plugin that have the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.assistant.page import Page
    from reviewer.experts.check import Inquiry


@subject_check("REG275")
def component_name_twice(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the names within each kind."""
    for kind in ("skill", "agent"):
        first: dict[str, Page] = {}
        for page in parts_of(inquiry).of(kind):
            value = page.get("name")
            if value is None or not value.text:
                continue
            other = first.setdefault(value.text, page)
            if other is not page:
                place = other.get("name")
                yield Match(
                    value,
                    f"There are two {kind}s '{short(value.text)}': one of them is never found.",
                    related=((place, f"the other one, in '{other.path}'"),) if place is not None else (),
                )
