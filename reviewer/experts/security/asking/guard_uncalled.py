"""SEC010: what refuses whoever may not is written, and nothing calls it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Function, Name, strip
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.security.deciding.decisions import is_decision, throws_refusal
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


@module_check("SEC010", words={"wraps"})
def wrapper_left_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each wrapper that is made around a function for whether anybody gets it."""
    if module.is_test:
        return
    for call in module.calls(("wraps",)):
        inner, wrapped = call.parent, strip(call.args[0]) if call.args else None
        outer = inner.outer if isinstance(inner, Function) else None
        if not isinstance(inner, Function) or outer is None or not isinstance(wrapped, Name):
            continue
        used = any(name.id == inner.name for name in find(outer.body, Name))
        bare = next((one for one in returns_of(outer) if getattr(one.value, "id", "") == wrapped.id), None)
        if not used and bare is not None:
            yield Match(
                bare,
                f"'{inner.name}' is made around '{wrapped.id}', and '{outer.name}' gives '{wrapped.id}' as it was: "
                "nothing of what the wrapper asks is ever asked.",
                related=((inner, "the wrapper that nobody gets"),),
                fix=f"Give '{inner.name}' back.",
            )
