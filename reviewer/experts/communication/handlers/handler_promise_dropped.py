"""COM002: the promise of a handler is dropped, so that its error is nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.flow import conditions, guarding_try
from reviewer.code.syntax import Call
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import named_function
from reviewer.experts.communication.handler_types import maybe_async
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.isolation import isolated
from reviewer.experts.communication.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset({"iscoroutinefunction", "iscoroutine", "isawaitable", "iscoro", "is_async", "isAsync"})
"""Questions whether something has to be awaited."""


@module_check("COM002", words=TRIGGERS)
def handler_promise_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call of a handler whose result is dropped for handlers that may be asynchronous."""
    if module.is_test:
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        call = found.inner or found.call
        if id(call) in seen or not _dropped(found) or _ends_something(found):
            continue
        seen.add(id(call))
        # Without anything that catches, the rule about isolation speaks of the loop.
        if found.loop is not None and not isolated(found):
            continue
        why = maybe_async(inquiry, found, module)
        if not why or _known_to_be_plain(call):
            continue
        text = module.text_of(call.callee)[:60]
        caught = "the 'try' around it has ended when it fails, " if guarding_try(call) is not None else ""
        if module.language == "python":
            yield Match(call, f"'{text}(…)' may give a coroutine ({why}) that nobody awaits: the handler never runs.")
        else:
            yield Match(
                call,
                f"'{text}(…)' may give a promise ({why}), and it is dropped: {caught}"
                "and a rejection reaches nobody but the process.",
            )


def _known_to_be_plain(call: Call) -> bool:
    """Tell whether a call is made only where the handler was found to be none that has to be awaited."""
    return any(asked.name in _ASKS and not one.holds for one in conditions(call) for asked in find(one.test, Call))


def _dropped(found: Invocation) -> bool:
    """Tell whether nothing becomes of the result, where the handler is called."""
    if found.through is not None and found.inner is not None:
        found = Invocation(found.inner, found.source, None, found.through)
    use = found.use
    return use.how == "dropped" and not use.awaited


def _ends_something(found: Invocation) -> bool:
    function = named_function(found.function)
    return function is not None and is_stopper(function.name)
