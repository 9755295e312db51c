"""COM025: a request stays in its table when its time is up, or when it was answered, though others take it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Await, Call, Function, Name, Node, Try, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import Pending, executor_of, pending_requests
from reviewer.experts.communication.requests.peer_ended import reached_from
from reviewer.experts.communication.requests.reply_waiting import removes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TIMERS: Final = frozenset({"setTimeout"})
_SETTLED: Final = frozenset({"finally", "then", "catch"})
_ENDS_OTHERWISE: Final = frozenset("abort cancel destroy close kill terminate emit dispatchEvent stop end next".split())
"""Calls after which somebody else may take the request out."""
_MOST_FUNCTIONS: Final = 24


@module_check("COM025", words={"promise"})
def left_in_table(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what ends the waiting of a request, the timer and the reply, for whether it takes the request out."""
    if module.is_test or module.language == "python":
        return
    for found in pending_requests(inquiry, module):
        executor = executor_of(found.entry.node)
        taken = [one.node for one in found.table.of("delete", "clear")]
        if executor is None or not taken or any(_runs_always(found, executor, node) for node in taken):
            continue
        timer = _timer_that_leaves(module, found, executor) if removes(found) else None
        if timer is not None:
            yield Match(
                timer,
                f"A request whose time runs out stays in '{found.table.name}': the timer only rejects its promise, and "
                "what takes the request out is not called.",
                related=((found.entry.node, "entered here"),),
            )
        elif (answered := _answered_and_left(module, found, taken)) is not None:
            yield Match(
                answered,
                f"A request that was answered stays in '{found.table.name}': what settles it here leaves it in, so the "
                "table grows by one with each answer.",
                related=((found.entry.node, "entered here"),),
            )


def _runs_always(found: Pending, executor: Function, node: Node) -> bool:
    """Tell whether the function that asks takes the request out however it ended: in a ``finally``, behind its wait."""
    function = function_of(node)
    if function is found.function:
        waits = find(found.function.body, Await, into_functions=False)
        final = any(isinstance(one, Try) and any(inside(node, part) for part in one.final) for one in ancestors(node))
        return final or any(wait.raw.start_byte < node.raw.start_byte for wait in waits)
    call = function.parent if function is not None else None
    return (
        isinstance(call, Call) and call.name in _SETTLED and function is not executor and inside(call, found.function)
    )


def _timer_that_leaves(module: Module, found: Pending, executor: Function) -> Call | None:
    """Return the timer of a request that rejects its promise and never comes to the table."""
    ends = {param.name for param in executor.params} - {""}
    for timer in calls_in(found.function.body):
        run = definition(module, timer.args[0]) if timer.name in _TIMERS and timer.args else None
        if not isinstance(run, Function):
            continue
        called = list(calls_in(run.body))
        rejects = any(isinstance(strip(one.callee), Name) and one.name in ends for one in called)
        otherwise = any(one.name in _ENDS_OTHERWISE for one in called)
        if rejects and not otherwise and not reached_from(module, found, run.body):
            return timer
    return None


def _answered_and_left(module: Module, found: Pending, taken: list[Node]) -> Node | None:
    """Return where a reply settles a request which that leaves in the table; only a timer or a failure takes it out."""
    if found.entry.value is not None and next(find(found.entry.value, Function), None) is not None:
        return None  # what settles it takes it out, perhaps
    outside = [node for node in taken if not inside(node, found.function)]
    own = {id(function_of(node)) for node in taken if inside(node, found.function)}
    if not own:
        return None
    for access in found.table.of("read"):
        function = access.function
        if function is None or access.key is None or inside(access.node, found.function):
            continue
        settles = [one for one in calls_in(function.body) if one.name in found.ends.fulfil]
        if not settles:
            continue
        reached = _reached(module, function)
        if any(id(function_of(node)) in reached for node in taken) or any(inside(node, function) for node in outside):
            continue
        timers = [one for one in calls_in(found.function.body) if one.name in _TIMERS]
        if any(inside(node, timer) for node in taken for timer in timers) and not any(
            one.name == "clearTimeout" for one in calls_in(function.body)
        ):
            continue  # it goes when its time is up
        return settles[0]
    return None


def _reached(module: Module, function: Function) -> set[int]:
    """Return the functions of the file that a function calls, and those that these call."""
    reached, waiting = {id(function)}, [function]
    while waiting and len(reached) < _MOST_FUNCTIONS:
        for call in calls_in(waiting.pop().body):
            target = definition(module, call.callee)
            if isinstance(target, Function) and target.module is module and id(target) not in reached:
                reached.add(id(target))
                waiting.append(target)
    return reached
