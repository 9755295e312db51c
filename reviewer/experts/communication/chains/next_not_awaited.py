"""COM042: a middleware starts the rest of the chain and doesn't wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import after, use_of
from reviewer.code.syntax import Call, ExprStatement, Function, Name
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.chains.middleware import Middleware, middlewares
from reviewer.experts.edits import awaited
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM042", words={"next", "proceed"})
def next_not_awaited(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what becomes of the promise that ``next`` gives."""
    if module.is_test:
        return
    for found in middlewares(module):
        if not _promises(module, found):
            continue
        for call in found.calls:
            use = use_of(call)
            if use.how == "dropped" and not use.awaited and function_of(call) is found.function:
                yield Match(
                    call,
                    f"'{module.text_of(call)}' is not awaited: this middleware ends before the rest of the chain does, "
                    "and an error in the rest escapes whoever waits for the chain.",
                    edits=awaited(module, call),
                )
                break


def _promises(module: Module, found: Middleware) -> bool:
    """Tell whether the chain of a middleware is one of promises or coroutines."""
    function = found.function
    declared = found.param.type
    if "Promise" in declared or "Awaitable" in declared or "Coroutine" in declared:
        return True
    if not function.asynchronous or declared in ("NextFunction", "express.NextFunction"):
        return False
    if module.language == "python":
        return len(function.params) >= 2
    if len(function.params) != 2:
        return any(use_of(call).awaited for call in found.calls)
    if function.params[0].name in ("req", "request"):
        return any(use_of(call).awaited for call in found.calls) or (_in_chain(function) and _works_behind(found))
    waits = any(use_of(call).awaited for call in found.calls) or _in_chain(function) or _others_wait(module, function)
    return waits or _works_behind(found)


def _works_behind(found: Middleware) -> bool:
    """Tell whether something is to happen when the rest has run, in a chain whose ``next`` takes no error."""
    if any(call.args for call in found.calls) or found.function.params[0].name == "socket":
        return False
    return any(isinstance(node, ExprStatement) for call in found.calls for node in after(call))


def _in_chain(function: Function) -> bool:
    call = function.parent
    return isinstance(call, Call) and bool(
        path_words(call.receiver) & {"middleware", "pipeline", "chain", "interceptors"}
    )


def _others_wait(module: Module, function: Function) -> bool:
    """Tell whether other middleware of the file awaits or returns what ``next`` gives."""
    return any(
        use_of(call).awaited or use_of(call).how == "returned"
        for call in module.calls({function.params[-1].name})
        if isinstance(call.callee, Name) and function_of(call) is not function
    )
