"""SEC010: what refuses whoever may not is written, and nothing calls it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.security.decisions import is_decision, throws_refusal
from reviewer.experts.security.vocabulary import TRIGGERS
from reviewer.experts.uncalled import uncalled_functions

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("SEC010", words=TRIGGERS)
def guard_uncalled(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the functions that nothing calls for one that asks whether somebody may, and refuses."""
    if module.is_test:
        return
    for function in uncalled_functions(inquiry, module):
        if is_decision(function) or throws_refusal(function):
            yield Match(
                function,
                f"'{function.name}' says who is refused, and nothing ever calls it: whoever it would refuse goes on.",
                fix="Call it in front of what it is there to protect.",
            )
