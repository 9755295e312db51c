"""LIF163: the first answer that doesn't come ends the task that asks for one again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Await, Call, Function, Handler, Literal, Name, Node, Try, While, With, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.failures.worker_ends_on_item import STARTS, hears_of_end, work_of
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset("get post put patch delete head request fetch".split())
_CLIENTS: Final = word_set("client session http httpx aiohttp requests api")
"""Last words of what asks another machine."""
_OF_OTHERS: Final = frozenset("commands network http messaging messages database rpc".split())
"""Services of a context that answer for somebody else: another plugin, another machine, a database."""
_RAISES: Final = frozenset("raise_for_status urlopen open_connection create_connection".split())
"""Calls that raise where another machine says no, or is not there."""
_PAUSES: Final = frozenset({"sleep", "wait", "wait_for"})
_WAITED_FOR: Final = frozenset({"gather", "wait", "wait_for", "as_completed", "TaskGroup"})
_DEPTH: Final = 2


@module_check("LIF163", words={"task", "ensure"})
def poller_ends_on_error(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each task that asks another machine, rests, and asks again, for what catches its errors."""
    if module.is_test or module.language != "python":
        return
    if any(hears_of_end(call) for call in module.calls(("add_done_callback",))):
        return
    seen: set[int] = set()
    for start in module.calls(STARTS):
        work = work_of(module, start)
        if work is None or id(work) in seen or _is_looked_after(module, start):
            continue
        seen.add(id(work))
        for loop in find(work.body, While, into_functions=False):
            if guarding_try(loop) is not None or not _rests(loop):
                continue
            risky = _handed_in(module, loop, work)
            if risky is None and isinstance(loop.test, Literal):
                risky = _unguarded(module, loop)
            if risky is not None:
                yield Match(
                    loop,
                    f"When '{short(module.text_of(risky))}' raises once, this loop ends and with it the task that was "
                    "to ask for as long as the program runs; nobody is told.",
                    related=((start, "the task is started here"),),
                )
                break


def _is_looked_after(module: Module, start: Call) -> bool:
    """Tell whether a task belongs to a group that fails with it, or the function that begins it waits for its end."""
    if start.receiver is not None and not module.resolve(start.callee).startswith("asyncio."):
        return not {"loop"} & set(last_words(start.receiver))
    function = function_of(start)
    return function is None or any(call.name in _WAITED_FOR for call in calls_in(function.body, into_functions=False))


def _rests(loop: While) -> bool:
    return any(call.name in _PAUSES for call in calls_in(loop.body, into_functions=False))


def _unguarded(module: Module, start: While | Function, depth: int = _DEPTH) -> Call | None:
    """Return the call by which another machine is asked, where nothing catches its error on the way to the loop."""
    for call in calls_in(start.body, into_functions=False):
        if _caught(call, start):
            continue
        if call.name in _RAISES or _asks(call) or _asks_host(module, call):
            return call
        target = callee(module, call) if depth else None
        if target is not None and target.module is module and target.kind != "constructor":
            found = _unguarded(module, target, depth - 1)
            if found is not None:
                return found
    return None


def _handed_in(module: Module, loop: While, work: Function) -> Call | None:
    """Return the call of a job that somebody handed in, which the loop waits for and catches nothing of."""
    for call in calls_in(loop.body, into_functions=False):
        job = strip(call.callee)
        bound = module.scopes.lookup(job.id, job) if isinstance(job, Name) else []
        if len(bound) != 1 or bound[0] not in work.params or _caught(call, loop):
            continue
        if any(isinstance(around, Await) for around in ancestors(call) if not isinstance(around, Function)):
            return call
    return None


def _asks(call: Call) -> bool:
    """Tell whether a call waits for the answer of another machine: ``await client.get(…)``."""
    if call.name not in _ASKS or call.receiver is None or not set(last_words(call.receiver)) & _CLIENTS:
        return False
    waited = isinstance(call.parent, Await | With)
    return waited and bool(call.args)


def _asks_host(module: Module, call: Call) -> bool:
    """Tell whether a plugin waits for a service of its host that depends on others: ``context.messaging.send(…)``."""
    root, _dot, rest = module.resolve(call.callee).partition(".")
    return root == "context" and rest.partition(".")[0] in _OF_OTHERS and "." in rest and isinstance(call.parent, Await)


def _caught(call: Call, start: While | Function) -> bool:
    """Tell whether something between a call and the loop, or the function, catches more than the task's own end."""
    inner: Node = call
    for around in ancestors(call):
        if around is start:
            return False
        in_body = isinstance(around, Try) and any(inner is one for one in around.body)
        if in_body and isinstance(around, Try) and any(not _only_cancelled(one) for one in around.handlers):
            return True
        if isinstance(around, With) and any(
            isinstance(made := strip(value), Call) and made.name == "suppress" for value, _ in around.items
        ):
            return True
        inner = around
    return False


def _only_cancelled(handler: Handler) -> bool:
    named = {name.id for one in handler.types for name in find(one, Name)}
    named |= {getattr(one, "name", "") for one in handler.types}
    return "CancelledError" in named
