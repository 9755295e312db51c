"""COM001: a guest's listener is put on an emitter as it is, and the first that throws keeps the event from the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emitters import told_by_emitter
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM001", words={"emitter", "mitt", "eventemitter"})
def guest_on_emitter(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each listener that a host takes from a guest and puts on an emitter for what catches its errors."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    seen: set[tuple[str, int]] = set()
    for told in told_by_emitter(module):
        first = told.emits[0]
        if not told.bare or (told.name, id(first)) in seen:
            continue
        seen.add((told.name, id(first)))
        yield Match(
            told.listener,
            f"What a guest listens with is put on '{short(told.name)}' as it is: "
            f"'{short(module.text_of(first.callee))}' calls one after the other and ends at the first that throws. "
            "Those behind it hear nothing, and who tells of the event gets the error of a stranger.",
            related=((first, "they are told here"),),
        )
