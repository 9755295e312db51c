"""LIF020: a plugin is said to run in the ``finally`` behind its start, so also when the start has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Member, Try, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.guests.entries import flag_state, state_of
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("LIF020", words=HOOK_WORDS)
def active_in_finally(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each ``finally`` around a start says of the state of the plugin."""
    if module.is_test:
        return
    starts = uses_in(inquiry, module, "start")
    for attempt in module.all(Try) if starts else ():
        begun = next((use for use in starts if any(s.start <= use.site.start < s.stop for s in attempt.body)), None)
        if begun is None:
            continue
        for assign in find(attempt.final, Assign, into_functions=False):
            target = strip(assign.target)
            if not isinstance(target, Member) or not any(assign.parent is statement for statement in attempt.final):
                continue
            if "active" in (flag_state(target.name, assign.value), state_of(assign.value)):
                yield Match(
                    assign,
                    f"A 'finally' runs also when '{module.text_of(begun.member)}' has failed: "
                    f"'{module.text_of(target)}' then says that the plugin runs.",
                    related=((begun.call, "may fail here"),),
                )
