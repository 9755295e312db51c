"""COM004: a counted loop over handlers takes out those that are done, and skips the one behind each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.syntax import For, Name
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.data.messages import short
from reviewer.experts.shrinking import skips

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("COM004", words={"splice"})
def counted_loop(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that takes entries out of the list it counts through for whether they are handlers."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("splice",)):
        loop = skips(module, call)
        if isinstance(loop, For) and loop.style == "c" and _calls_handlers(loop):
            yield Match(
                call,
                f"'{short(module.text_of(call))}' moves the rest up while the loop counts on: the handler behind each "
                "that is taken out does not hear of the event.",
                related=((loop, "the loop"),),
            )


def _calls_handlers(loop: For) -> bool:
    """Tell whether a loop hands something to what its names say are handlers."""
    named = {word for name in find(loop.body, Name) for word in words(name.id)}
    return bool(named & HANDLERS) and any(
        isinstance(one, Name) and set(words(one.id)) & HANDLERS
        for call in calls_in(loop.body)
        if call.name != "splice"
        for one in (*find(call.callee, Name), *call.args)
    )
