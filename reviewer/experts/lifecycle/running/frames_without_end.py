"""LIF003: a function that asks to be run again in each frame, or a little later, and nothing ever ends that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Function, strip
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.holding.leaks import leaks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ENDS: Final = {
    "requestAnimationFrame": "cancelAnimationFrame",
    "setTimeout": "clearTimeout",
    "requestIdleCallback": "cancelIdleCallback",
}
"""What asks for another run, and what takes that back."""


@module_check("LIF003", words={"frame", "timeout", "idle"})
def frames_without_end(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that asks for its own next run, whatever happens."""
    if module.is_test or module.language == "python" or inquiry.subject.kind != "plugin":
        return
    told = {id(leak.call) for leak in leaks_of(inquiry, module, "timer")}
    for call in module.calls(_ENDS):
        work = strip(call.args[0]) if call.args else None
        around = function_of(call)
        if work is None or around is None or id(call) in told or _ENDS[call.name] in module.identifiers:
            continue
        target = definition(module, work)
        if isinstance(target, Function) and target is around and not conditions(call):
            yield Match(
                call,
                f"'{target.name}' asks for its own next run each time, and nothing ever takes that back: it goes on "
                "after the plugin has ended, and holds all that it uses.",
                fix=f"Keep what {call.name}() gives, and hand it to {_ENDS[call.name]}() at the end.",
            )
