"""LIF361: a deadline ends the waiting, and what was waited for goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Expr, Function, Name, Node, Param, Return, Throw, With, strip
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKERS: Final = {
    "worker_threads.Worker": "worker",
    "Worker": "worker",
    "child_process.spawn": "process",
    "child_process.fork": "process",
    "child_process.exec": "process",
    "child_process.execFile": "process",
    "asyncio.create_subprocess_exec": "process",
    "asyncio.create_subprocess_shell": "process",
    "subprocess.Popen": "process",
    "multiprocessing.Process": "process",
}
_STOPS: Final = word_set("terminate kill send_signal abort destroy stop close disconnect")
_WAITS: Final = frozenset({"communicate", "wait", "join"})
_LIMITS: Final = frozenset({"timeout", "timeout_at", "fail_after", "move_on_after"})
"""Calls that limit the time of a block."""


@module_check("LIF361", words={"worker", "spawn", "fork", "exec", "popen", "process", "subprocess", "file"})
def deadline_leaves_running(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the deadlines of functions that start a worker or a process for what becomes of it."""
    if module.is_test:
        return
    names = {name.rsplit(".", 1)[-1] for name in _MAKERS}
    for call in module.calls(names):
        what = _MAKERS.get(module.resolve(call.callee), "")
        kept, function = _kept(call), function_of(call)
        if not what or kept is None or function is None or _goes_on(function, kept):
            continue
        if what == "process" and any(_ends_by_itself(arg) for arg in call.args):
            continue
        at = _deadline(module, function, kept)
        if at is not None:
            yield Match(
                at,
                f"When the time is up the waiting ends here, and the {what} in '{kept.id}' goes on: nothing stops it, "
                "and it keeps its memory and what it has open.",
                related=((call, "started here"),),
            )


def _kept(call: Call) -> Name | None:
    """Return the variable that holds what a call starts."""
    around = call.parent
    while isinstance(around, Await):
        around = around.parent
    return around.target if isinstance(around, Assign) and isinstance(around.target, Name) else None


def _goes_on(function: Function, kept: Name) -> bool:
    """Tell whether a function stops what it started anywhere, or somebody else gets it and may."""
    for node in walk(function.body):
        if not isinstance(node, Name) or node.id != kept.id or node is kept:
            continue
        around = node.parent
        if isinstance(around, Call) and node in [strip(arg) for arg in (*around.args, *around.keywords.values())]:
            return True
        if isinstance(around, Return | Assign) and getattr(around, "value", None) is node:
            return True
        user = around.parent if around is not None else None
        if isinstance(user, Call) and user.callee is around and user.name in _STOPS:
            return True
        if not isinstance(user, Call) and getattr(around, "name", "") in _STOPS:
            return True  # handed on as a function: ``signal.onabort = child.kill``
    return False


def _ends_by_itself(arg: Expr) -> bool:
    """Tell whether a process is started with a limit of its own, or with a signal that ends it."""
    keys = getattr(strip(arg), "keys", [])
    return any(key in ("timeout", "signal") for key in keys) if isinstance(keys, list) else False


def _deadline(module: Module, function: Function, kept: Name) -> Node | None:
    """Return where the time for what was started is up."""
    if module.language == "python":
        for call in calls_in(function.body):
            input_first = 1 if call.name == "communicate" else 0
            if call.name in _WAITS and _is(call.receiver, kept) and call.arg(input_first, "timeout") is not None:
                if call.name != "join":
                    return call
            elif call.name == "wait_for" and call.args and any(_is(one, kept) for one in find(call.args[0], Name)):
                return call
        return _block_with_limit(function, kept)
    if not any(_is(one, kept) and one is not kept for one in find(function.body, Name)):
        return None
    for call in calls_in(function.body):
        by = strip(call.args[0]) if call.name == "setTimeout" and len(call.args) > 1 else None
        if isinstance(by, Function) and _gives_up(module, by):
            return call
    return None


def _block_with_limit(function: Function, kept: Name) -> Node | None:
    """Return the time limit of a block that waits for what was started: ``async with asyncio.timeout(5):``."""
    for block in find(function.body, With, into_functions=False):
        limit = next((one for one, _as in block.items if isinstance(one, Call) and one.name in _LIMITS), None)
        waits = find(block.body, Await, into_functions=False) if limit is not None else ()
        if any(_is(name, kept) and name is not kept for one in waits for name in find(one, Name)):
            return limit
    return None


def _gives_up(module: Module, by: Function) -> bool:
    """Tell whether what runs when the time is up ends the waiting with an error."""
    for node in walk(by.body):
        if isinstance(node, Throw):
            return True
        callee = strip(node.callee) if isinstance(node, Call) else None
        bound = module.scopes.lookup(callee.id, callee) if isinstance(callee, Name) else []
        first = bound[0] if bound else None
        executor = first.parent if isinstance(first, Param) else None
        if isinstance(executor, Function) and executor.params[1:2] == [first] and _of_promise(executor):
            return True
    return False


def _of_promise(executor: Function) -> bool:
    made = executor.parent
    return isinstance(made, Call) and made.new and made.name == "Promise"


def _is(expr: Node | None, name: Name) -> bool:
    made = strip(expr) if isinstance(expr, Expr) else None
    return isinstance(made, Name) and made.id == name.id
