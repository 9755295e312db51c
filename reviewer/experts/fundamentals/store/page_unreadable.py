"""FUN271: front matter, hooks or servers that the assistant can't read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.assistant.parts import HOOKS, SERVERS, parts_of
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry


@subject_check("FUN271")
def page_unreadable(inquiry: Inquiry) -> Iterator[Match]:
    """Speak at the place where each of them breaks."""
    parts = parts_of(inquiry)
    manifest = inquiry.subject.manifest_path
    for page in parts.of("skill", "command", "agent"):
        if page.path == manifest:
            continue  # the front matter of a skill by itself is its manifest
        if page.error is not None:
            yield Match(
                page.error.location, f"The front matter breaks here: {page.error}. All of it is dropped, or guessed."
            )
        elif page.kind in ("skill", "agent") and not page.has_front_matter:
            yield Match(page.head, f"The {page.kind} has no front matter, so that nothing says what it is for.")
    for error in parts.broken:
        what = "hooks" if HOOKS.startswith(error.location.path.split("/")[0]) else "servers"
        what = "servers" if error.location.path == SERVERS else what
        yield Match(error.location, f"The file breaks here: {error}. None of its {what} is there at run time.")
