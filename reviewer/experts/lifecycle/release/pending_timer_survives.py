"""LIF374: a timer that is kept to be cleared is never cleared, and fires after the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits
from reviewer.code.syntax import Await, Call, ExprStatement, Function, If, strip
from reviewer.code.walk import calls_in, class_of, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import functions_of, outermost
from reviewer.experts.lifecycle.holding.host_leaks import is_read, kept_in
from reviewer.experts.lifecycle.holding.owners import is_end
from reviewer.experts.lifecycle.hooks.hooks import uses_in
from reviewer.experts.lifecycle.targets import target_function

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_ONCE: Final = frozenset({"setTimeout", "timers.setTimeout"})
_LATER: Final = frozenset({"call_later", "call_at"})


@module_check("LIF374", words={"timeout", "later", "at"})
def pending_timer_survives(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where the handle of a one-shot timer is put into a field that nothing ever reads."""
    if module.is_test:
        return
    for call in module.calls(("setTimeout", *_LATER)):
        place = kept_in(call)
        if place is None or not (call.name in _LATER or module.resolve(call.callee) in _ONCE):
            continue
        function = outermost(call)
        end = _end(inquiry, module, call)
        if function is None or end is None or not acts_later(module, call) or is_read(inquiry, module, place.name):
            continue
        yield Match(
            call,
            f"'{module.text_of(place)}' keeps this timer, and nothing ever clears it: what is ended by "
            f"'{end.name}' while the timer runs is woken again when it fires.",
            related=((end, "clears nothing"),),
        )


def _end(inquiry: Inquiry, module: Module, call: Call) -> Function | None:
    """Return the function by which the owner of a timer, or a plugin of this host, is ended."""
    cls = class_of(call)
    for use in uses_in(inquiry, module, "stop"):
        frame = outermost(use.site)
        if frame is not None and class_of(frame) is cls:
            return frame
    return next((f for f in functions_of(cls or module) if is_end(f.name)), None)


def acts_later(module: Module, call: Call) -> bool:
    """Tell whether the work of a timer goes on to functions of the subject, and none of it asks first."""
    given = call.arg(1 if call.name in _LATER else 0, "callback")
    work = target_function(module, given)
    if work is None:
        return False
    if given is not None and work is not strip(given):
        return not asks_first(work)
    made = ((inner, target_function(module, inner.callee)) for inner in calls_in(work.body))
    goes_on = [(inner, target) for inner, target in made if target is not None]
    return any(not conditions(inner) and not asks_first(target) for inner, target in goes_on)


def asks_first(function: Function) -> bool:
    """Tell whether a function may leave before it has done anything."""
    acts = (one for one in function.body if not isinstance(one, ExprStatement) or _runs(one.value))
    first = next(acts, None)
    return isinstance(first, If) and exits(first.body)


def _runs(value: Expr) -> bool:
    """Tell whether an expression begins something, or waits: ``place.seat = await sit()``."""
    return isinstance(value, Call) or any(True for _ in find(value, Await))
