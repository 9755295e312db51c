"""COM184: a plugin writes down how long it will wait, asks somebody, and nothing reads the time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import is_async
from reviewer.code.text.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.turns.deadlines import bounded_around
from reviewer.experts.paths import said_in
from reviewer.experts.tooling import is_tooling
from reviewer.experts.written_limits import unread_limits

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call

_TIMES: Final = frozenset({"timeout", "deadline", "wait", "waits", "waiting", "patience"})
_ASKS: Final = frozenset("fetch request execute invoke query ask call send get post put urlopen run".split())
"""Names of what a plugin waits for an answer of."""
_LIMITING: Final = frozenset({"timeout", "signal", "deadline"})


@module_check("COM184", words=_TIMES)
def deadline_unread(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each constant that by its name ends a waiting, beside something that is waited for."""
    if module.is_test or is_tooling(module) or inquiry.subject.kind != "plugin":
        return
    for name, made in unread_limits(inquiry, module, _TIMES):
        waiting = [call for call in module.calls(_ASKS) if _waits(module, call)]
        if waiting:
            asked = max(waiting, key=lambda call: len(said_in(call) & set(words(name))))
            whom = short(module.text_of(asked.callee))
            yield Match(
                made,
                f"'{name}' is written down here and nothing ever reads it, while '{whom}' is waited for: who never "
                "answers is waited for as long as it likes.",
                related=((asked, "waited for without a limit"),),
            )


def _waits(module: Module, call: Call) -> bool:
    """Tell whether the answer of a call is waited for, and nothing at the call ends that."""
    used = use_of(call)
    waited = used.awaited or (used.how == "returned" and bool(is_async(module, call)))
    return waited and not _LIMITING & set(call.keywords) and not bounded_around(module, call)
