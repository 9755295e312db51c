"""LIF033: plugins are started or ended in the asynchronous callback of a ``forEach``, for which nobody waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Call, Function, strip
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hook_uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("LIF033", words=HOOK_WORDS)
def each_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each asynchronous callback of a ``forEach`` for what leads to the hooks of plugins."""
    if module.is_test:
        return
    calls = [call for call in module.calls(("forEach",)) if call.args and call.receiver is not None]
    uses = hook_uses(inquiry, module) if calls else ()
    begun_or_ended = (use for use in uses if use.kind in ("start", "stop"))
    homes = {id(home): use for use in begun_or_ended if (home := outermost(use.site)) is not None}
    for call in calls if homes else ():
        callback = strip(call.args[0])
        if not isinstance(callback, Function) or not callback.asynchronous:
            continue
        for wait in find(callback.body, Await, into_functions=False):
            made = strip(wait.value)
            target = definition(module, made.callee) if isinstance(made, Call) else None
            if not isinstance(target, Function) or any(use.call is made for use in uses):
                continue
            led = next((one for one in _reached(target) if id(one) in homes), None)
            if led is not None:
                hook = module.text_of(homes[id(led)].member)
                yield Match(
                    callback,
                    f"forEach() drops the promises of its callback: nobody waits for '{module.text_of(made)}', which "
                    f"comes to '{hook}', and what follows runs before it has done its work.",
                    related=((homes[id(led)].call, "the hook"),),
                )
                break


def _reached(function: Function) -> list[Function]:
    """Return a function and what it leads to, the functions that it hands to others included."""
    found = with_helpers(function)
    for one in list(found):
        for call in calls_in(one.body):
            for arg in call.args:
                inner = strip(arg)
                if isinstance(inner, Function):
                    found += [helper for helper in with_helpers(inner) if helper not in found]
    return found
