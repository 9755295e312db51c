"""LIF003: a plugin goes through the turns of an interval that nothing ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Call, For, Function, Jump, Name, Object, Param, Return, strip
from reviewer.code.walk import walk
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_INTERVALS: Final = frozenset({"timers/promises.setInterval", "timers.promises.setInterval"})


@module_check("LIF003", words={"interval", "timers"})
def interval_gone_through(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``for await (… of setInterval(ms))`` for a signal that ends it, or a way out of its turns."""
    if module.is_test or module.language == "python":
        return
    for loop in module.all(For):
        made = _interval(module, loop)
        if made is None:
            continue
        options = strip(made.args[2]) if len(made.args) > 2 else None
        told = options is not None and not isinstance(options, Object)
        told = told or (isinstance(options, Object) and (bool(options.spreads) or options.get("signal") is not None))
        leaves = any(
            isinstance(node, Return) or (isinstance(node, Jump) and node.kind == "break")
            for node in walk(loop.body, into_functions=False)
        )
        if not told and not leaves and not any(isinstance(strip(one.test), Name) for one in conditions(loop)):
            yield Match(
                made,
                "These turns never end: no signal is handed to the interval and nothing leaves the loop, so it goes on "
                "after the end, and each start adds one more.",
            )


def _interval(module: Module, loop: For) -> Call | None:
    """Return the call that makes the turns which a loop goes through: here, or where its function is handed them."""
    origin = module.scopes.origin(loop.iterable) if loop.iterable is not None else None
    given: list[object] = [origin]
    function = origin.parent if isinstance(origin, Param) else None
    if isinstance(origin, Param) and isinstance(function, Function) and origin in function.params and function.name:
        place = function.params.index(origin)
        handed = (call.arg(place, origin.name) for call in module.calls((function.name,)))
        given = [module.scopes.origin(one) for one in handed if one is not None]
    return next((one for one in given if isinstance(one, Call) and module.resolve(one.callee) in _INTERVALS), None)
