"""LIF366: a lock is given back only where all went well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Binary, Call, Try, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.turns.file_locks import LOCKS, held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TELLS: Final = frozenset(
    "log info debug warn warning error exception trace print push now get set add has append discard clear notify "
    "notify_all notifyAll len dict list isinstance time monotonic time_ns keys values items".split()
)
"""Calls that hardly fail."""
_OF_NUMBERS: Final = frozenset({"int", "float", "round", "abs", "min", "max"})


@module_check("LIF366", words=LOCKS | {"acquire"})
def lock_kept_on_failure(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what runs between the line that takes a lock and the one that gives it back."""
    if module.is_test:
        return
    for one in held(module):
        work = [
            node
            for statement in one.between
            if not (isinstance(statement, Try) and statement.handlers and not statement.orelse)
            for kind in (Await, Call)
            for node in find(statement, kind, into_functions=False)
            if not (isinstance(node, Call) and _hardly_fails(node))
        ]
        if work:
            yield Match(
                one.given,
                f"When line {work[0].line} fails, the lock that '{short(module.text_of(one.taken.callee))}' takes is "
                "never given back: everybody who wants it waits, or is turned away, until somebody clears it by hand.",
                related=((one.taken, "taken here"), (work[0], "what can fail")),
            )


def _hardly_fails(call: Call) -> bool:
    """Tell whether a call only tells, keeps or works out something: ``entries.pop(key, None)``, ``int(span / 60)``."""
    if call.name in _OF_NUMBERS and call.receiver is None:
        return all(isinstance(strip(arg), Binary) for arg in call.args)
    return call.name in _TELLS or (call.name == "pop" and len(call.args) > 1)
