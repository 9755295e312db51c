"""LIF005: work in the background is started and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Member, Name, strip
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.fate import empties
from reviewer.experts.lifecycle.holding.leaks import leaks_of
from reviewer.experts.lifecycle.holding.owners import owners
from reviewer.experts.lifecycle.holding.report import left_how
from reviewer.experts.lifecycle.targets import never_ends, target_function
from reviewer.experts.lifecycle.turns.stop_signals import goes_unheard
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.lifecycle.holding.acquisition import Acquisition

_LOOPS: Final = frozenset({"loop", "_loop", "event_loop", "_event_loop"})


@module_check("LIF005", words={"task", "future", "while"} | {"async", "await", "asyncio"})
def task_not_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a dropped asyncio task, and at an endless async function that a plugin calls and forgets."""
    if module.is_test:
        return
    if module.language == "python":
        kept = [leak for leak in leaks_of(inquiry, module, "task") if leak.fate.how == "kept"]
        endless = {id(leak.call) for leak in kept}
        for call in module.calls(("create_task", "ensure_future")):
            if _makes_task(module, call) and _dropped(call):
                yield Match(
                    call,
                    f"The task of '{module.text_of(call.args[0] if call.args else call)}' is kept nowhere: it may be "
                    "collected before it ends, its error is never seen, and nothing can cancel it.",
                )
            elif id(call) not in endless and _makes_task(module, call) and (name := _piled_up(module, call)):
                yield Match(
                    call,
                    f"Tasks are put into '{name}' and never taken out: it grows with each, nobody sees how one ended, "
                    "and the end of the owner cancels none.",
                )
        for call in module.calls(("gather",)):
            if module.resolve(call.callee) == "asyncio.gather" and _dropped(call):
                yield Match(
                    call,
                    "What is gathered here is begun, and nobody waits for it or holds it: its errors are never seen, "
                    "and nothing can cancel it.",
                )
        for leak in kept:
            ends = [end for end in leak.owner.ends if end.module is module and end.body]
            forgotten = _forgotten(module, leak) or (ends[0] if len(ends) == 1 else None)
            yield Match(
                forgotten or leak.call,
                f"{leak.what.capitalize()} {left_how(leak)}: it goes on for ever.",
                related=((leak.call, "begun here"),) if forgotten is not None else (),
            )
        return
    if not module.identifiers.isdisjoint({"while", "for"}):
        yield from _endless_loops(inquiry, module)


def _forgotten(module: Module, leak: Acquisition) -> Assign | None:
    """Return where the end only empties the field that holds a task, which stops nothing."""
    for function in leak.owner.reached:
        for assign in find(function.body, Assign) if function.module is module else ():
            target = strip(assign.target)
            if empties(assign) and is_this_member(target) and f"this.{last_word(target)}" == leak.fate.name:
                return assign
    return None


def _makes_task(module: Module, call: Call) -> bool:
    if module.resolve(call.callee) in ("asyncio.create_task", "asyncio.ensure_future", "asyncio.tasks.create_task"):
        return True
    receiver = call.receiver
    return receiver is not None and (
        last_word(receiver) in _LOOPS
        or module.resolve(receiver) in ("asyncio.get_event_loop()", "asyncio.get_running_loop()")
    )


def _dropped(call: Call) -> bool:
    use = use_of(call)
    if use.awaited:
        return False
    if use.how == "dropped":
        return True
    if use.how == "assigned" and isinstance(use.by, Assign):
        target = strip(use.by.target)
        function = function_of(call)
        if isinstance(target, Name) and function is not None and use.by.op == "=":
            return not any(
                isinstance(node, Name) and node.id == target.id and node is not target for node in walk(function.body)
            ) and "global" not in function.module.text_of(function)
    return False


def _piled_up(module: Module, call: Call) -> str:
    """Return the collection that a task is put into, where nothing else in the module ever speaks of it."""
    around = call.parent
    if not isinstance(around, Call) or around.name not in ("add", "append") or around.receiver is None:
        return ""
    name = last_word(around.receiver)
    for kind in (Name, Member):
        for node in module.all(kind):
            if last_word(node) != name or isinstance(node.parent, Assign):
                continue
            if not (isinstance(node.parent, Member) and node.parent.name == around.name):
                return ""
    return name


def _endless_loops(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    for owner in owners(inquiry, module):
        if not owner.plugin or owner.start is None:
            continue
        for node in walk(owner.start.body):
            if isinstance(node, Call) and use_of(node).how == "dropped" and not use_of(node).awaited:
                target = target_function(module, node.callee)
                if target is None or not target.asynchronous or goes_unheard(module, target):
                    continue
                if never_ends(target):
                    yield Match(
                        node,
                        f"'{target.name}' loops for ever and is started here without being kept: the end of the plugin "
                        "has no flag or signal that stops it.",
                    )
