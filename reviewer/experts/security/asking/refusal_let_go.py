"""SEC011: what a function does that only refuses is caught and forgotten, and the work goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import siblings, use_of
from reviewer.code.reach.links import callee, is_async
from reviewer.code.syntax import Call, Function, Return, Throw, strip
from reviewer.code.walk import calls_in, find, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.refusing_only import only_refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC011", words={"catch"})
def refusal_let_go(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find promises of a guard whose refusal only reaches a handler, while the work goes on beside it."""
    if module.is_test:
        return
    for chain in module.calls(("catch",)):
        guard = strip(chain.receiver) if chain.receiver is not None else None
        handler = strip(chain.args[0]) if chain.args else None
        use = use_of(chain)
        if not isinstance(guard, Call) or not isinstance(handler, Function) or use.how != "dropped":
            continue
        asked = callee(module, guard)
        if asked is None or not only_refuses(asked) or is_async(module, guard) is not True:
            continue
        if any(True for _ in find(handler.body, Throw)) or _says_so(handler) or not _work_follows(chain):
            continue
        late = "" if use.awaited else "Nobody waits for it, and "
        yield Match(
            chain,
            f"'{short(module.text_of(guard))}' does nothing but refuse. {late or 'And '}its refusal ends in this "
            "handler: the work goes on either way.",
        )


def _says_so(handler: Function) -> bool:
    """Tell whether a handler gives an answer that is awaited elsewhere: a constant, not the answer of a log."""
    return any(
        one.value is not None and not isinstance(strip(one.value), Call)
        for one in find(handler.body, Return, into_functions=False)
    )


def _work_follows(chain: Call) -> bool:
    statement = statement_of(chain)
    beside = siblings(statement) if statement is not None else []
    later = beside[beside.index(statement) + 1 :] if statement is not None and statement in beside else []
    return any(True for _ in calls_in(later, into_functions=False))
