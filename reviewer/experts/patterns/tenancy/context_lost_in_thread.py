"""PAT162: a function that asks for the tenant or the caller runs in a thread that has no copy of the context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.context_variables import reads_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_POOLS: Final = frozenset({"ThreadPoolExecutor", "ProcessPoolExecutor"})


@module_check("PAT162", words={"executor", "submit", "thread"})
def context_lost_in_thread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that is given to a pool or a thread for what it reads of the context."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("run_in_executor", "submit", "Thread", "map")):
        given = _given(module, call)
        function = definition(module, given) if given is not None else None
        read = reads_context(function) if isinstance(function, Function) else None
        if read is None or not isinstance(function, Function):
            continue
        yield Match(
            call,
            f"'{function.name}' runs in a thread without a copy of the context: "
            f"'{short(function.module.text_of(read))}' gives the default there, whoever it works for.",
        )


def _given(module: Module, call: Call) -> Expr | None:
    """Return the function that a call has run in another thread, None where it is no such call."""
    if call.name == "run_in_executor":
        return call.arg(1, "func")
    if call.name == "Thread":
        return call.keywords.get("target") if module.resolve(call.callee) == "threading.Thread" else None
    pool = module.scopes.origin(call.receiver) if call.receiver is not None else None
    made = isinstance(pool, Call) and pool.name in _POOLS
    return call.arg(0) if made else None
