"""Which calls of a host's own API give a promise, and of which nobody needs the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.host.promised import promises
from reviewer.experts.host.symbols import symbol_of

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry


def answers_later(inquiry: Inquiry, module: Module, call: Call) -> bool:
    """Tell whether a call is one of the host's that gives a promise of something."""
    for promise in promises(inquiry):
        lasts = {name.replace("#", ".").rpartition(".")[2] for name in promise.table.later}
        symbol = symbol_of(module, promise.table, call.callee) if call.name in lasts else None
        if symbol is not None and symbol.name in promise.table.later:
            return True
    return False


def shown_to_people(inquiry: Inquiry, module: Module, call: Call) -> bool:
    """Tell whether a call only has its host show something, which nobody needs to wait for."""
    for promise in promises(inquiry):
        symbol = symbol_of(module, promise.table, call.callee) if promise.table.unawaited else None
        if symbol is not None and promise.table.needs_no_wait(symbol.name):
            return True
    return False
