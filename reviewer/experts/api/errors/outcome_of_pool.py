"""API024: work is handed to a pool, and what becomes of it is kept in a future that nobody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import Call, Try
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_POOLS: Final = frozenset(
    f"{module}.{kind}PoolExecutor"
    for module in ("concurrent.futures", "concurrent.futures.thread", "concurrent.futures.process")
    for kind in ("Thread", "Process")
)


@module_check("API024", words={"submit"})
def outcome_of_pool(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each piece of work that is handed over and forgotten, for what catches its errors inside."""
    if module.is_test or module.language != "python" or is_tooling(module):
        return
    for call in module.calls(("submit",)):
        if use_of(call).how != "dropped" or call.receiver is None or not _is_pool(module, call.receiver):
            continue
        work = target_function(module, call.arg(0))
        if work is None or any(True for _ in find(work.body, Try)) or not any(True for _ in calls_in(work.body)):
            continue  # its own errors are its own business, or it is written elsewhere
        yield Match(
            call,
            f"Whatever goes wrong in '{work.name}' is kept in the future that is dropped here: nobody learns of it, "
            "and no log tells.",
            fix="Keep the future and ask for its result, or give it a callback that logs `future.exception()`.",
        )


def _is_pool(module: Module, receiver: Expr) -> bool:
    return any(
        isinstance(made, Call) and where.resolve(made.callee) in _POOLS for where, made in values_of(module, receiver)
    )
