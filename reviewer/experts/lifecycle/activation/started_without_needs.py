"""LIF101: a plugin is started although one that it depends on has failed to start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Call,
    For,
    Function,
    If,
    strip,
)
from reviewer.code.walk import calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost, speaks_of_dependencies, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.turns.isolated import caught
from reviewer.experts.lifecycle.vocabulary import FAILED_WORDS
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("LIF101", words=HOOK_WORDS)
def started_without_needs(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over plugins in the order of their dependencies that goes on when one of them fails."""
    if module.is_test:
        return
    starts = [use for use in hooks_of(module) if use.kind == "start"]
    frames = {id(frame): frame for use in starts if (frame := outermost(use.site)) is not None}
    for loop in module.all(For) if starts else ():
        if not _in_order(module, loop):
            continue
        for call in calls_in(loop.body):
            target = definition(module, call.callee)
            started = any(use.call is call or use.site is call for use in starts) or id(target) in frames
            if started and caught(module, call, loop) and not _asks(loop, target):
                yield Match(
                    call,
                    f"When one plugin fails at '{module.text_of(call.callee)}' the loop goes on, and starts those that "
                    "depend on it all the same: nothing asks whether what they need is there.",
                )
                break


def _in_order(module: Module, loop: For) -> bool:
    """Tell whether a loop goes over what a function of the subject has put in the order of dependencies."""
    made = module.scopes.origin(loop.iterable) if loop.iterable is not None else None
    if not isinstance(made, Call):
        return False
    order = definition(module, strip(made.callee))
    return isinstance(order, Function) and any(speaks_of_dependencies(f.body) for f in with_helpers(order, 1))


def _asks(loop: For, target: object) -> bool:
    """Tell whether the loop, or what starts one, looks at dependencies, or at what has failed so far."""
    if speaks_of_dependencies(loop.body):
        return True
    if isinstance(target, Function) and any(speaks_of_dependencies(f.body) for f in with_helpers(target)):
        return True
    tests = [node for node in loop.body if isinstance(node, If)]
    return any(not FAILED_WORDS.isdisjoint(said_in(test)) for test in tests)
