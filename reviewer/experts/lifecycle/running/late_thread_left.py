"""LIF361: a call into a worker is given up when its time is up, and the worker is left in what holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import Assign, Call, Function, Member, Name, Param, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.guests import ROLES
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.vocabulary import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry

_MAKERS: Final = frozenset({"worker_threads.Worker", "Worker"})
_ENDS: Final = word_set("terminate kill stop close restart destroy dispose abort evict unload lost end fail quarantine")
_HARMLESS: Final = frozenset({"delete", "clearTimeout", "get", "has", "warn", "error", "info", "debug", "log", "Error"})


@module_check("LIF361", words={"worker"})
def late_thread_left(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that keeps a thread for what becomes of it when a call into it takes too long."""
    if module.is_test or module.language == "python":
        return
    if not module.words & (ROLES | PLUGINS):
        return
    owners = {id(owner): owner for call in module.calls(("Worker",)) if (owner := _keeps(module, call)) is not None}
    for timer in module.calls(("setTimeout",)):
        owner, by = class_of(timer), strip(timer.args[0]) if timer.args else None
        function = function_of(timer)
        while function is not None and function.outer is not None:
            function = function.outer
        if owner is None or id(owner) not in owners or not isinstance(by, Function) or function is None:
            continue
        if not any(call.name == "postMessage" for call in calls_in(function.body)) or not _gives_up(module, by):
            continue
        if any(not _is_harmless(module, call) for call in calls_in(by.body)):
            continue  # something else is told, and may end the worker
        if _serves_it(owner, function) or _is_ended_by_caller(inquiry, function):
            continue
        yield Match(
            timer,
            "When the time is up only the call ends: a plugin that never comes back keeps its thread and a core, and "
            "each later call waits for its time as well.",
            fix="End the worker when a call takes too long, reject what else waits for it, and start it anew.",
        )


def _keeps(module: Module, call: Call) -> Class | None:
    """Return the class that keeps a thread in a field."""
    owner = class_of(call)
    if owner is None or not call.new or module.resolve(call.callee) not in _MAKERS:
        return None
    kept = call.parent
    target = kept.target if isinstance(kept, Assign) else None
    if isinstance(target, Member):
        return owner
    if not isinstance(target, Name):
        return None
    function = function_of(call)
    return (
        owner
        if function is not None
        and any(
            isinstance(one.target, Member) and one.value is not None and last_name(strip(one.value)) == target.id
            for one in find(function.body, Assign)
        )
        else None
    )


def _gives_up(module: Module, by: Function) -> bool:
    """Tell whether what runs when the time is up ends the waiting with an error."""
    if any(True for _ in find(by.body, Throw)):
        return True
    for call in calls_in(by.body):
        callee = strip(call.callee)
        bound = module.scopes.lookup(callee.id, callee)[:1] if isinstance(callee, Name) else []
        executor = bound[0].parent if bound and isinstance(bound[0], Param) else None
        if isinstance(executor, Function) and executor.params[1:2] == bound:
            return True
    return False


def _is_harmless(module: Module, call: Call) -> bool:
    """Tell whether a call ends no worker: the end of a promise, a line in a log, a table that forgets."""
    if call.name in _HARMLESS:
        return True
    callee = strip(call.callee)
    bound = module.scopes.lookup(callee.id, callee)[:1] if isinstance(callee, Name) else []
    return bool(bound) and isinstance(bound[0], Param)


def _serves_it(owner: Class, asking: Function) -> bool:
    """Tell whether the host answers what the thread asks of it: one that is late may only wait for that."""
    return any(
        call.name == "postMessage" for method in owner.methods if method is not asking for call in calls_in(method.body)
    )


def _is_ended_by_caller(inquiry: Inquiry, function: Function) -> bool:
    """Tell whether who calls the function ends something where it fails."""
    for module in inquiry.project.modules(naming={function.name}, tests=False):
        for call in module.calls((function.name,)):
            around, home = guarding_try(call), function_of(call)
            if around is not None and any(
                set(words(one.name)) & _ENDS for handler in around.handlers for one in calls_in(handler.body)
            ):
                return True
            if (
                home is not None
                and home is not function
                and any(one.name == "catch" and set(words(module.text_of(one))) & _ENDS for one in calls_in(home.body))
            ):
                return True
    return False
