"""LIF048: a loop in the background goes on although the end says stop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.turns.stop_signals import unheard

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF048", words={"while"})
def stop_signal_unheard(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at each loop that never asks for the signal, or asks for one that nothing gives."""
    if module.is_test:
        return
    for found in unheard(module):
        if not found.signal:
            yield Match(
                found.loop,
                f"This loop of '{found.function.name}' has no way out, and nothing at the end of its owner ends it: it "
                "goes on with what was closed, and after the next start there are two of it.",
            )
        elif found.said is None:
            yield Match(
                found.loop,
                f"This loop of '{found.function.name}' runs until '{found.signal}' says otherwise, and nothing ever "
                "changes that: it goes on after the end.",
            )
        else:
            yield Match(
                found.loop,
                f"This loop of '{found.function.name}' never looks at '{found.signal}', which the end sets in line "
                f"{found.said.line}: it goes on, and whoever waits for it waits for nothing.",
                related=((found.said, "the signal is given here"),),
            )
