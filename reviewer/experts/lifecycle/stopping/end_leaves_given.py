"""LIF029: what a guest hung up by the functions that it was given is taken out by nothing that its end reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.unloading import unloads
from reviewer.experts.lifecycle.guests.fills import fills_of
from reviewer.experts.lifecycle.guests.taken import reached_by_end, takes_out
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry
    from reviewer.experts.lifecycle.guests.fills import Fill


@module_check("LIF029", words=HOOK_WORDS)
def end_leaves_given(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what a guest may fill by what its start hands over with what is taken out on the way to its end."""
    if module.is_test:
        return
    ends = unloads(inquiry, module)
    starts = uses_in(inquiry, module, "start") if ends else []
    fills = [fill for use in starts for fill in fills_of(use)]
    begins = [use.frame for use in starts if use.frame is not None]
    for unload in ends if fills else ():
        reached = reached_by_end(unload.function, begins)
        left = next((fill for fill in fills if _stays(fill, reached)), None)
        if left is None:
            continue
        yield Match(
            unload.place,
            f"'{unload.function.name}' ends the plugin, and what that hung into '{left.store.name}' stays there: "
            "nothing on the way takes it out, so it goes on being called.",
            related=((locate(left.module, left.put), "put here"),),
        )


def _stays(fill: Fill, reached: list[Function]) -> bool:
    """Tell whether what was put into a store is known for a plugin's, and stays there."""
    if fill.undoable or (fill.answered and not fill.owned):
        return False
    return not any(takes_out(function, fill.store) for function in reached)
