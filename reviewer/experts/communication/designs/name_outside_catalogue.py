"""COM096: a plugin speaks of an event or a command that the design does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.nearest import did_you_mean
from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.communication.named_commands import named_commands
from reviewer.experts.communication.named_events import named_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.communication.named_commands import NamedUse


@subject_check("COM096")
def name_outside_catalogue(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the names that a plugin registers, emits and hears against the interactions of the design."""
    if inquiry.design is None:
        return
    known = {one.name for one in inquiry.design.interactions}
    for verb, kind, use in _uses(inquiry):
        if use.name not in known:
            yield Match(
                use.at,
                f"A host refuses what is {verb} outside of its catalogue (decision: interactions), and the design has "
                f"no {kind} '{use.name}'{did_you_mean(use.name, known)}",
            )


def _uses(inquiry: Inquiry) -> Iterator[tuple[str, str, NamedUse]]:
    """Yield each name once, at its first place."""
    events, commands = named_events(inquiry), named_commands(inquiry)
    for verb, table in (("emitted", events.sent), ("heard", events.heard)):
        for uses in table.values():
            yield verb, "event", uses[0]
    for use in commands.registered.values():
        yield "registered", "command", use
