"""LIF021: the errors of activations are collected, and nobody looks at what was collected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import use_of
from reviewer.code.syntax import Call, Literal
from reviewer.code.walk import ancestors
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.hooks import HOOK_WORDS, uses_in

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF021", words=HOOK_WORDS)
def start_errors_collected(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where ``allSettled`` or ``gather(…, return_exceptions=True)`` keeps failures, and its answer is dropped."""
    if module.is_test or module.identifiers.isdisjoint({"allSettled", "return_exceptions"}):
        return
    told: set[int] = set()
    for use in uses_in(inquiry, module, "start"):
        around = next((one for one in ancestors(use.site) if isinstance(one, Call) and _collects(one)), None)
        if around is None or id(around) in told or use_of(around).how != "dropped":
            continue
        told.add(id(around))
        yield Match(
            around,
            f"What '{module.text_of(use.member)}' raises is collected by '{around.name}', and nobody looks at what it "
            "answers: plugins that did not start are taken for started.",
            related=((use.call, "activated here"),),
        )


def _collects(call: Call) -> bool:
    """Tell whether a call waits for many and answers with their failures instead of throwing one."""
    keeps = call.keywords.get("return_exceptions")
    return call.name == "allSettled" or (call.name == "gather" and isinstance(keeps, Literal) and keeps.value is True)
