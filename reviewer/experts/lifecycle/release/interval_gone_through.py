"""LIF003: a plugin goes through the turns of an interval that nothing ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Call, For, Jump, Name, Object, Return, strip
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
        made = module.scopes.origin(loop.iterable) if loop.iterable is not None else None
        if not isinstance(made, Call) or module.resolve(made.callee) not in _INTERVALS:
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
