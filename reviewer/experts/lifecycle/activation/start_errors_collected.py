"""LIF021: the errors of activations are collected, and nobody looks at what was collected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Literal, Member, Name, Try, strip
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.bringing.loading import netted
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.turns.isolated import joined

if TYPE_CHECKING:
    from reviewer.code.module import Module

_DEEPEST: Final = 3


@module_check("LIF021", words=HOOK_WORDS)
def start_errors_collected(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where ``allSettled`` or ``gather(…, return_exceptions=True)`` keeps failures, and its answer is dropped."""
    if module.is_test or module.identifiers.isdisjoint({"allSettled", "return_exceptions", "wait"}):
        return
    for call in module.calls(("allSettled", "gather", "wait")):
        if not _collects(module, call) or use_of(call).how != "dropped":
            continue
        works = {id(work): work for work in (*calls_in(call.args), *joined(module, call))}
        start = next((work for work in works.values() if _throws_of_start(module, work, call)), None)
        if start is not None:
            yield Match(
                call,
                f"What '{module.text_of(_run_by(start))}' raises is collected by '{call.name}', and nobody looks at "
                "what it answers: plugins that did not start are taken for started.",
                related=((start, "activated here"),),
            )


def _collects(module: Module, call: Call) -> bool:
    """Tell whether a call waits for many and answers with their failures instead of throwing one."""
    if call.name == "wait":
        return module.resolve(call.callee) == "asyncio.wait" and not _results_taken(call)
    keeps = call.keywords.get("return_exceptions")
    return call.name == "allSettled" or (call.name == "gather" and isinstance(keeps, Literal) and keeps.value is True)


def _results_taken(wait: Call) -> bool:
    """Tell whether the function that waits asks the tasks for what became of them."""
    function = function_of(wait)
    return function is not None and any(
        call.name in ("result", "exception") and call.receiver is not None for call in calls_in(function.body)
    )


def _throws_of_start(module: Module, work: Call, join: Call) -> bool:
    """Tell whether the error of an activation comes out of a call: of the hook, or of the host's function around it."""
    if netted(work, join):
        return False
    if any(use.kind == "start" and work in (use.call, use.site) for use in hooks_of(module)):
        return True
    target = definition(module, _run_by(work))
    return isinstance(target, Function) and lets_out(target, _DEEPEST)


def _run_by(work: Call) -> Expr:
    """Return what a call runs: itself, or what ``map(self._light, pots)`` and ``specs.map(bring)`` run for each."""
    each = strip(work.args[0]) if work.name == "map" and work.args else None
    return each if isinstance(each, Name | Member) else work.callee


def lets_out(function: Function, depth: int) -> bool:
    """Tell whether a function passes on what an activation in it throws, and leaves no trace of it."""
    module = function.module
    for use in hooks_of(module):
        if use.kind != "start" or outermost(use.site) is not function:
            continue
        if not netted(use.call, use.site) and _untold(use.site, function):
            return True
    if depth == 0:
        return False
    return any(
        isinstance(inner := definition(module, call.callee), Function)
        and inner is not function
        and _untold(call, function)
        and lets_out(inner, depth - 1)
        for call in calls_in(function.body, into_functions=False)
    )


def _untold(call: Call, function: Function) -> bool:
    """Tell whether what a call throws leaves a function as it came: not caught, and noted by no handler on its way."""
    if netted(call, function):
        return False
    guard = guarding_try(call)
    return guard is None or not _notes(guard)


def _notes(guard: Try) -> bool:
    """Tell whether a handler keeps what it caught, or tells somebody: it may throw it again after that."""
    for handler in guard.handlers:
        if any(isinstance(one.target, Member | Index) for one in find(handler.body, Assign)):
            return True
        calls = [call for call in calls_in(handler.body) if not call.new]
        if any(call.name == "exception" or "exc_info" in call.keywords for call in calls):
            return True  # the log takes the error that is on its way by itself
        if handler.name and any(handler.name in names_in(call.args) for call in calls):
            return True
    return False
