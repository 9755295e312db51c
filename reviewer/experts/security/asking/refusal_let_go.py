"""SEC011: what a function does that only refuses is caught and forgotten, and the work goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import siblings, use_of
from reviewer.code.reach.links import callee, is_async
from reviewer.code.syntax import Assign, Call, Function, Member, Name, Return, Throw, strip
from reviewer.code.walk import calls_in, find, function_of, statement_of, uses_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name
from reviewer.experts.security.deciding.refusing_only import only_refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC011", words={"catch", "task", "future"})
def refusal_let_go(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find promises of a guard whose refusal only reaches a handler, while the work goes on beside it."""
    if module.is_test:
        return
    for chain in module.calls(("catch",)):
        guard = strip(chain.receiver) if chain.receiver is not None else None
        handler = strip(chain.args[0]) if chain.args else None
        use = use_of(chain)
        if not isinstance(guard, Call) or not isinstance(handler, Function) or use.how != "dropped":
            continue
        asked = callee(module, guard)
        if asked is None or not only_refuses(asked) or is_async(module, guard) is not True:
            continue
        if any(True for _ in find(handler.body, Throw)) or _says_so(handler) or not _work_follows(chain):
            continue
        late = "" if use.awaited else "Nobody waits for it, and "
        yield Match(
            chain,
            f"'{short(module.text_of(guard))}' does nothing but refuse. {late or 'And '}its refusal ends in this "
            "handler: the work goes on either way.",
        )

    for kept in module.all(Assign) if module.language != "python" else ():
        guard = kept.value
        asked = callee(module, guard) if isinstance(guard, Call) else None
        if guard is None or asked is None or not only_refuses(asked) or not asked.asynchronous:
            continue
        if _is_only_kept(kept) and _work_follows(kept):
            yield Match(
                kept,
                f"'{short(module.text_of(guard))}' does nothing but refuse. Nobody waits for its promise, and the work "
                "goes on beside it.",
            )
    for started in module.calls(("create_task", "ensure_future")):
        guard = strip(started.args[0]) if started.args else None
        asked = callee(module, guard) if isinstance(guard, Call) else None
        if guard is None or asked is None or not only_refuses(asked) or not asked.asynchronous:
            continue
        if _is_waited_for(started):
            continue
        if _work_follows(started):
            yield Match(
                started,
                f"'{short(module.text_of(guard))}' does nothing but refuse. Nobody waits for the task that asks, and "
                "the work goes on beside it.",
                confidence=Confidence.LIKELY,
            )


def _is_only_kept(kept: Assign) -> bool:
    """Tell whether a promise is put among others, or told what to do where it fails, and nothing else."""
    function = function_of(kept)
    if not isinstance(kept.target, Name) or function is None:
        return False
    name = kept.target
    return all(_keeps_promise(use) for use in uses_of(name.id, function) if use is not name)


def _keeps_promise(use: Name) -> bool:
    around = use.parent
    if isinstance(around, Call):
        return around.name in ("add", "delete", "push") and use in around.args
    chain = around.parent if isinstance(around, Member) and around.name in ("catch", "finally") else None
    while isinstance(chain, Call) and isinstance(chain.parent, Member) and chain.parent.name in ("catch", "finally"):
        chain = chain.parent.parent
    return isinstance(chain, Call) and use_of(chain).how == "dropped" and not use_of(chain).awaited


def _is_waited_for(started: Call) -> bool:
    """Tell whether somebody may wait for a task: it goes further than into a name that only keeps it alive."""
    use = use_of(started)
    if started.receiver is not None and last_name(started.receiver) not in ("asyncio", "loop", "get_running_loop"):
        return True  # a group of tasks waits for each of them
    if use.how == "dropped":
        return use.awaited
    kept, function = use.by, function_of(started)
    if use.how != "assigned" or not isinstance(kept, Assign) or not isinstance(kept.target, Name) or function is None:
        return True
    return any(not _keeps_alive(name) for name in uses_of(kept.target.id, function) if name is not kept.target)


def _keeps_alive(name: Name) -> bool:
    """Tell whether a task is only put among others, or told what to do at its end: ``tasks.add(asked)``."""
    around = name.parent
    if isinstance(around, Member):
        return around.name in ("add_done_callback", "set_name")
    return isinstance(around, Call) and around.name == "add" and name in around.args


def _says_so(handler: Function) -> bool:
    """Tell whether a handler gives an answer that is awaited elsewhere: a constant, not the answer of a log."""
    return any(
        one.value is not None and not isinstance(strip(one.value), Call)
        for one in find(handler.body, Return, into_functions=False)
    )


def _work_follows(chain: Call | Assign) -> bool:
    statement = statement_of(chain)
    beside = siblings(statement) if statement is not None else []
    later = beside[beside.index(statement) + 1 :] if statement is not None and statement in beside else []
    return any(True for _ in calls_in(later, into_functions=False))
