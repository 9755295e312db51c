"""LIF364: a deadline stands inside a ``with`` that waits, without a limit, for the very work that is late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Literal, With, strip
from reviewer.code.walk import calls_in
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module

_POOLS: Final = frozenset({"ThreadPoolExecutor", "ProcessPoolExecutor", "InterpreterPoolExecutor"})
_WAITS: Final = frozenset({"result", "exception", "wait", "as_completed", "map", "wait_for"})


@module_check("LIF364", words={"executor"})
def deadline_waits_for_pool(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``with`` of a pool for waiting with a limit inside it."""
    if module.is_test or module.language != "python":
        return
    for node in module.all(With):
        pool = next((value for value, _target in node.items if _is_pool(value)), None)
        if pool is None:
            continue
        calls = list(calls_in(node.body))
        if any(_lets_go(call) for call in calls):
            continue
        waits = next((call for call in calls if _has_limit(call)), None)
        if waits is not None:
            yield Match(
                pool,
                f"'{waits.name}' in line {waits.line} gives up after its time, and the end of this 'with' then waits "
                "for the same work for as long as it takes: what hangs, hangs the host.",
                related=((waits, "the limit without effect"),),
            )


def _is_pool(value: Expr) -> bool:
    call = strip(value)
    return isinstance(call, Call) and call.name in _POOLS


def _has_limit(call: Call) -> bool:
    """Tell whether a call waits for work of a pool, at most for some time."""
    if call.name not in _WAITS:
        return False
    limit = call.keywords.get("timeout")
    if limit is None and call.name in ("result", "exception") and call.receiver is not None:
        limit = call.arg(0)
    if limit is None and call.name == "wait_for":
        limit = call.arg(1)
    return limit is not None and not (isinstance(limit, Literal) and limit.value is None)


def _lets_go(call: Call) -> bool:
    """Tell whether a pool is told not to wait: ``pool.shutdown(wait=False)``; or its processes are ended."""
    waits = call.keywords.get("wait")
    told = call.name == "shutdown" and isinstance(waits, Literal) and waits.value is False
    return told or call.name in ("kill", "terminate", "kill_workers", "terminate_workers", "_exit")
