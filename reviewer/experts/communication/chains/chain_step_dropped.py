"""COM047: a chain runs its step and drops its promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import use_of
from reviewer.code.walk import calls_in, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.chains.chain_reentry import CHAIN_WORDS, index_of, own_calls, runs_step
from reviewer.experts.edits import awaited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM047", words=CHAIN_WORDS)
def chain_step_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the call of a step whose promise an asynchronous chain neither awaits nor gives back."""
    if module.is_test:
        return
    for function in module.functions:
        if index_of(function) is None or function.signature_only or not function.asynchronous:
            continue
        onward = next(iter(own_calls(function)), None)
        for call in calls_in(function.body):
            if function_of(call) is not function or not runs_step(call, onward):
                continue
            use = use_of(call)
            if use.how == "dropped" and not use.awaited:
                yield Match(
                    call,
                    "The chain is asynchronous and drops what this step gives: whoever awaits 'next()' goes on before "
                    "the rest is done, and the error of a step is never seen.",
                    edits=awaited(module, call),
                )
