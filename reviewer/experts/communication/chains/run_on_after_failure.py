"""COM046: the host catches what a step of its chain throws, and runs the rest as if the step had agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Call, Function, Member, Name, Throw, Try, strip
from reviewer.code.walk import calls_in, find, inside
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.chains.middleware import NEXTS
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


@module_check("COM046")
def run_on_after_failure(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call that is handed the rest of a chain for a handler of its errors that runs the rest itself."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        for step in calls_in(attempt.body, into_functions=False):
            again = next((_again(module, one.body, step) for one in attempt.handlers), None)
            if again is not None:
                yield _match(module, step, again, attempt.handlers[0])
                break
    for call in module.calls(("catch",)):
        caught = strip(call.receiver) if call.receiver is not None else None
        given = strip(call.args[0]) if call.args else None
        if isinstance(caught, Call) and isinstance(given, Function):
            again = _again(module, given.body, caught)
            if again is not None:
                yield _match(module, caught, again, given)


def _match(module: Module, step: Call, again: Call, handler: Node) -> Match:
    return Match(
        handler,
        f"When '{short(module.text_of(step.callee))}' throws, '{short(module.text_of(again))}' runs the rest all the "
        "same: what a step refuses by an error goes through, and where the error came from behind the step, the rest "
        "runs twice.",
        related=((again, "goes on here"),),
        severity=Severity.HIGH,
    )


def _again(module: Module, body: Sequence[Node], step: Call) -> Call | None:
    """Return the call in a handler by which the rest is run after all, where nothing is thrown on before that."""
    goes_on = _rest_of(module, step)
    told = {module.text_of(arg) for arg in step.args}
    for call in calls_in(body, into_functions=False) if goes_on else ():
        by_name = module.text_of(call.callee) == goes_on and all(module.text_of(arg) in told for arg in call.args)
        if by_name or module.text_of(call) == goes_on:
            thrown = any(one.start < call.start and not inside(call, one) for one in find(body, Throw))
            return None if thrown else call
    return None


def _rest_of(module: Module, step: Call) -> str:
    """Return by what, as it is spelled, a step that is handed the rest of a chain goes on: a name, or a whole call."""
    callee = strip(step.callee)
    if isinstance(callee, Name) and callee.id in ("setTimeout", "setImmediate", "queueMicrotask"):
        return ""
    given = strip(step.args[-1]) if len(step.args) > 1 else None
    if isinstance(given, Name):
        return given.id if given.id.replace("_", "").lower() in NEXTS else ""
    if not isinstance(given, Function) or len(given.body) != 1:
        return ""
    inner = [call for call in calls_in(given.body) if _recurs(call, step)]
    return module.text_of(inner[0]) if len(inner) == 1 else ""


def _recurs(call: Call, step: Call) -> bool:
    """Tell whether a call runs the function around it, for a place further on: ``dispatch(at + 1)``."""
    name = strip(call.callee)
    called = name.name if isinstance(name, Member) else name.id if isinstance(name, Name) else ""
    around = next((one for one in _functions_around(step) if one.name == called), None)
    return bool(called) and around is not None and bool(call.args)


def _functions_around(node: Node) -> Iterator[Function]:
    current: Node | None = node
    while current is not None:
        if isinstance(current, Function):
            yield current
        current = current.parent
