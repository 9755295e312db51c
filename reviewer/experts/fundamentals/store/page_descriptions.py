"""FUN273: a skill or an agent whose description is missing, empty, or longer than hosts take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_LONGEST: Final = 1024
_EXAMPLE: Final = "for example 'description: Counts words. Use when somebody asks how long a text is.'"


@subject_check("FUN273")
def page_descriptions(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the description of every skill and agent."""
    for page in parts_of(inquiry).of("skill", "agent"):
        if page.error is not None or not page.has_front_matter:
            continue
        value = page.get("description")
        if value is None:
            yield Match(page.head, f"The {page.kind} '{page.name}' has no description; {_EXAMPLE}.")
        elif not isinstance(value.data, str) or not value.text.strip():
            yield Match(value, f"The description of the {page.kind} says nothing; {_EXAMPLE}.")
        elif page.kind == "skill" and len(value.text) > _LONGEST:
            yield Match(
                value,
                f"The description has {len(value.text):,} characters; the Agent Skills format takes {_LONGEST:,}.",
            )
