"""LIF184: a worker, process or server that does not come up as it should is given up and left running."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Function, Member, Name, Node, Return, Throw
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.acquired import RESOURCES

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LASTING: Final = frozenset(
    name for name, what in RESOURCES.items() if what.split()[-1] in ("worker", "process", "server", "pool", "browser")
)
_ENDS: Final = frozenset("terminate kill close stop destroy disconnect end shutdown abort exit dispose cleanup".split())
_LISTENS: Final = frozenset({"on", "once", "addListener", "addEventListener"})


@module_check("LIF184", words={"worker", "spawn", "fork", "popen", "process", "server", "pool", "launch"})
def left_when_start_fails(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that starts something lasting for a way out that leaves it behind."""
    if module.is_test:
        return
    for call in module.calls({name.rsplit(".", 1)[-1] for name in _LASTING}):
        made = call.parent
        while made is not None and not isinstance(made, Assign | Function):
            made = made.parent
        if (
            not isinstance(made, Assign)
            or not isinstance(made.target, Name)
            or module.resolve(call.callee) not in _LASTING
        ):
            continue
        function = function_of(made)
        if function is None:
            continue
        left = _way_out(module, function, made, made.target.id)
        if left is not None:
            yield Match(
                left,
                f"When this throws, '{made.target.id}' runs on: it was started above, nobody holds it yet, and nothing "
                "here ends it.",
                related=((call, "started here"),),
            )


def _way_out(module: Module, function: Function, made: Assign, name: str) -> Node | None:
    """Return the throw between the start of a thing and the first place where somebody gets hold of it."""
    uses = [use for use in find(function.body, Name) if use.id == name and use is not made.target]
    if any(call.name in _ENDS and name in _roots(call) for call in calls_in(function.body)):
        return None
    handed = [use for use in uses if _handed_on(use)]
    last = min((use.start for use in handed), default=0)
    if not handed or not all(isinstance(_statement(use), Return) for use in handed):
        return None
    for throw in find(function.body, Throw, into_functions=False):
        if made.start < throw.start < last and not any(type(one).__name__ == "Handler" for one in ancestors(throw)):
            return throw
    return None


def _roots(call: Call) -> set[str]:
    return {node.id for one in (call.callee, *call.args) for node in find(one, Name)}


def _handed_on(use: Name) -> bool:
    """Tell whether a use gives the thing to somebody who may end it: not one that asks, listens or waits."""
    around = use.parent
    if isinstance(around, Member) and around.object is use:
        return False
    if isinstance(around, Call) and around.callee is not use:
        return around.name not in ("once", "wait_for", "waitFor", "race")
    return True


def _statement(use: Name) -> Node | None:
    return next((one for one in ancestors(use) if isinstance(one, Return | Function)), None)
