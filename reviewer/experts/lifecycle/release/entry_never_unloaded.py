"""LIF330: an integration that sets up an entry and can't unload it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, subject_check
from reviewer.experts.integration.facts import is_integration, knows, setup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry


@subject_check("LIF330")
def entry_never_unloaded(inquiry: Inquiry) -> Iterator[Match]:
    """Speak at ``async_setup_entry`` where the module has no ``async_unload_entry``."""
    start = setup(inquiry) if is_integration(inquiry) else None
    if start is not None and not start.module.problems and not knows(start.module, "async_unload_entry"):
        yield Match(
            start,
            "async_setup_entry has no counterpart: without async_unload_entry the entry can be reloaded or removed "
            "only by a restart of Home Assistant.",
        )
