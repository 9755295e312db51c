"""API360: what a function works out is dropped, and the function does nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.pure import answers_dropped
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("API360")
def pure_answer_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call that stands alone as a statement."""
    if module.is_test:
        return
    for call, function in answers_dropped(module):
        yield Match(
            call,
            f"'{function.name}' only works out an answer, and '{short(module.text_of(call))}' drops it: the line does "
            "nothing.",
        )
