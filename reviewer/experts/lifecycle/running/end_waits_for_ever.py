"""LIF448: an end waits without limit for a thread or a process that runs somebody else's code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.links import declared_type
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import Await, Call, Function, Literal, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.holding.processes import PROCESSES, is_made_by
from reviewer.experts.lifecycle.targets import target_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_THREADS: Final = frozenset({"threading.Thread"})
_ASKS: Final = frozenset({"terminate", "send_signal", "kill"})
_TELLS: Final = frozenset({"send", "postMessage", "disconnect", "end", "write"})
"""Calls by which a process is told something: where its exit is waited for, that it is to end."""
_BOUNDS: Final = frozenset(
    "setTimeout wait_for timeout race kill fail_after move_on_after alarm call_later Timer poll is_alive".split()
)
"""Calls that see to it that a wait has an end, or that what it waits for is ended by force."""
_GATHERS: Final = frozenset({"push", "all", "allSettled", "gather", "append", "then", "catch", "callback", "map"})


@module_check("LIF448", words={"thread", "process", "child", "fork", "spawn", "popen", "once"})
def end_waits_for_ever(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each wait for an end that has no limit, where what is waited for is not the host's own to end."""
    if module.is_test:
        return
    if module.language == "python":
        yield from _threads(module)
    else:
        yield from _heard(module)
    yield from _processes(module)


def _threads(module: Module) -> Iterator[Match]:
    """Yield where a thread that runs functions which were handed in is joined without a limit."""
    given = {id(call) for call in module.calls(("Thread",)) if _runs_given(module, call)}
    if not given:
        return
    for join in module.calls(("join",)):
        if join.args or join.keywords or join.receiver is None or not _is_thread(module, join.receiver, given):
            continue
        yield Match(
            join,
            f"'{short(module.text_of(join))}' has no limit, and the thread runs a function of somebody else: when that "
            "hangs, this end never comes back, and whatever it holds meanwhile stays held.",
        )


def _runs_given(module: Module, call: Call) -> bool:
    """Tell whether a new thread runs a function that was handed in, by itself or in a loop of the host's."""
    if module.resolve(call.callee) not in _THREADS:
        return False
    target = call.arg(1, "target")
    work = target_function(module, target)
    if work is None:
        held = strip(target) if target is not None else None
        root = strip(held.object) if isinstance(held, Member) else held
        return isinstance(root, Name) and any(
            isinstance(one, Param) for one in module.scopes.lookup(root.id, root) if root.id not in ("this", "self")
        )
    return any(
        isinstance(made.callee, Name)
        and any(isinstance(one, Param) and one.parent is work for one in module.scopes.lookup(made.callee.id, made))
        for made in calls_in(work.body)
    )


def _is_thread(module: Module, holder: Expr, given: set[int]) -> bool:
    """Tell whether something is one of these threads, or a thread that somebody hands in where all are of them."""
    made = [value for _where, value in values_of(module, holder) if isinstance(value, Call)]
    if any(id(value) in given for value in made):
        return True
    if any(module.resolve(value.callee) in _THREADS for value in made):
        return False
    named = strip(holder)
    said = words(named.id) if isinstance(named, Name) else words(named.name) if isinstance(named, Member) else ()
    return "Thread" in declared_type(module, holder) or "thread" in said or "threads" in said


def _processes(module: Module) -> Iterator[Match]:
    """Yield where the exit of a process is waited for that was only asked to end."""
    for wait in module.all(Await):
        call = strip(wait.value)
        function = function_of(wait)
        holder = _awaited(call) if isinstance(call, Call) else None
        if function is None or holder is None or not _asked(module, function, wait, holder):
            continue
        if _bounded(module, function, holder) or not is_made_by(module, holder, PROCESSES):
            continue
        yield Match(
            wait,
            f"The process is asked to end, and this waits for its exit without a limit: one that does not hear the "
            f"signal keeps '{function.name}' waiting for ever, and nothing kills it.",
        )


def _heard(module: Module) -> Iterator[Match]:
    """Yield where a caller is answered only at the exit of a process that was asked to end, however long that takes."""
    for listen in module.calls(("once", "on")):
        event = strip(listen.args[0]) if len(listen.args) > 1 else None
        holder, function = listen.receiver, _maker(listen)
        if not isinstance(event, Literal) or event.value not in ("exit", "close") or holder is None or function is None:
            continue
        asks = [
            call
            for call in calls_in(function.body, into_functions=True)
            if call.name in _ASKS | _TELLS
            and call.receiver is not None
            and module.text_of(call.receiver) == module.text_of(holder)
            and not _by_force(module, call)
        ]
        if not asks or not _answers(listen, function) or _bounded(module, function, holder):
            continue
        if is_made_by(module, holder, PROCESSES):
            yield Match(
                listen,
                f"'{function.name}' asks the process to end and answers only at its exit: one that does not do so "
                "keeps whoever waits for that for ever, and nothing kills it.",
                related=((asks[0], "asked here"),),
            )


def _maker(listen: Call) -> Function | None:
    """Return the function around a listener, the executor of a promise seen through."""
    function = function_of(listen)
    around = function.parent if function is not None else None
    if isinstance(around, Call) and around.new and around.name == "Promise" and function is not None:
        return function.outer
    return function


def _answers(listen: Call, function: Function) -> bool:
    """Tell whether a listener is, or calls, what somebody handed in to be told: ``done``, ``resolve``."""
    step = strip(listen.args[1])
    given = {param.name for param in function.params}
    executor = function_of(listen)
    given |= (
        {param.name for param in executor.params[:1]} if executor is not None and executor is not function else set()
    )
    if isinstance(step, Name):
        return step.id in given
    return isinstance(step, Function) and any(
        isinstance(held := strip(call.callee), Name) and held.id in given for call in calls_in(step.body)
    )


def _awaited(call: Call) -> Expr | None:
    """Return the process whose exit a call gives: ``once(child, "exit")``, ``process.wait()``."""
    if call.name == "wait" and not call.args and not call.keywords:
        return call.receiver
    second = strip(call.args[1]) if call.name == "once" and len(call.args) == 2 else None
    if isinstance(second, Literal) and second.value in ("exit", "close"):
        return call.args[0]
    return None


def _asked(module: Module, function: Function, wait: Await, holder: Expr) -> bool:
    """Tell whether the process is sent a signal before that it may not heed."""
    for call in calls_in(function.body, into_functions=False):
        if call.name not in _ASKS or call.receiver is None or call.start > wait.start or _by_force(module, call):
            continue
        if module.text_of(call.receiver) == module.text_of(holder):
            return call.name != "kill" or module.language != "python"
    return False


def _by_force(module: Module, call: Call) -> bool:
    return any("KILL" in module.text_of(arg) for arg in call.args)


def _bounded(module: Module, function: Function, holder: Expr) -> bool:
    """Tell whether a wait has an end: by a clock of the function or of a caller, or because it kills by force."""
    asked = [
        call for call in calls_in(function.body) if module.text_of(call.receiver or call) == module.text_of(holder)
    ]
    for call in calls_in(function.body):
        plain = call in asked and call.name == "kill" and not _by_force(module, call) and module.language != "python"
        if call.name in _BOUNDS and not plain:
            return True
        if "signal" in call.keywords or any(
            "signal" in module.text_of(arg) for arg in call.args if call.name == "once"
        ):
            return True
    sites = call_sites(module, function)
    return sites is None or any(_handed_on(call) for _where, call in sites)


def _handed_on(call: Call) -> bool:
    """Tell whether the promise of a call is given to something that may limit it."""
    for around in ancestors(call):
        if isinstance(around, Call):
            return around.name not in _GATHERS
        if not isinstance(around, Await | Function):
            return False
    return False
