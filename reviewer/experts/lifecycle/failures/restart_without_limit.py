"""LIF042: a plugin's process that ends is started again at once, without limit or pause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    For,
    Function,
    Handler,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Throw,
    Try,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.targets import target_function

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ENDS: Final = frozenset({"exit", "close", "error", "disconnect", "crash", "crashed", "exited", "died", "terminated"})
_ENDED: Final = _ENDS - {"close", "error", "disconnect"} | frozenset(
    "gone ended dead down exitcode lost killed".split()
)
"""Words of the event by which an object of the host says that its process has ended."""
_AGAIN: Final = frozenset("start restart respawn relaunch launch spawn run boot fork begin".split())
_SPAWNS: Final = frozenset(
    (
        "spawn fork Worker Popen create_subprocess_exec create_subprocess_shell Process exec execFile UtilityProcess"
    ).split()
)
_LIMITS: Final = frozenset(
    (
        "attempt attempts restarts retries retry backoff delay limit max crashes tries count budget quarantine "
        "failures times breaker window"
    ).split()
)
_LIGHT: Final = frozenset("greenlet greenlets gevent fiber fibers coroutine nursery pool group tasks task".split())
"""Words of what runs in the process itself."""
_TAKES: Final = frozenset("recv receive accept get next read readline poll dequeue pop popleft shift".split())
"""Calls that wait for what somebody sends."""
_PAUSES: Final = frozenset({"sleep", "wait", "setTimeout", "delay", "call_later"})


@module_check(
    "LIF042",
    words={
        "exit",
        "close",
        "crash",
        "popen",
        "spawn",
        "fork",
        "worker",
        "subprocess",
        "restart",
        "respawn",
        "start",
        "run",
        "open",
    },
)
def restart_without_limit(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the restart in an exit handler, or in an endless loop, that nothing slows or counts."""
    if module.is_test:
        return
    for call in module.calls(("on", "once", "addListener", "addEventListener")):
        event = strip(call.args[0]) if call.args else None
        if not isinstance(event, Literal) or len(call.args) < 2 or not set(words(str(event.value))) & (_ENDS | _ENDED):
            continue
        callback = target_function(module, call.args[1])
        home = outermost(call)
        if callback is None or home is None:
            continue
        yield from _same_again(module, call, str(event.value), callback)
        if not _spawns(home):
            continue
        again = next((c for c in calls_in(callback.body) if target_function(module, c.callee) is home), None)
        if again is not None and not _counted(callback) and not _in_pause(again, callback):
            yield Match(
                again,
                f"'{home.name}' starts the process again as soon as it ends, without a pause, a count or a limit: a "
                "plugin that crashes at its start is restarted for ever.",
            )
    yield from _endless(module)


def _same_again(module: Module, call: Call, event: str, callback: Function) -> Iterator[Match]:
    """Find ``bot.on("gone", () => bot.start())``: what has ended is started again by its own handler."""
    if call.receiver is None or not set(words(event)) & _ENDED:
        return
    ended = module.text_of(call.receiver)
    for again in calls_in(callback.body):
        of_it = again.receiver is not None and module.text_of(again.receiver) == ended
        if of_it and again.name.lower() in _AGAIN and not _counted(callback) and not _in_pause(again, callback):
            yield Match(
                again,
                f"'{ended}' is started again as soon as it ends, without a pause, a count or a limit: a plugin that "
                "crashes at its start is restarted for ever.",
            )
            return


def _spawns(function: Function) -> bool:
    return any(call.name in _SPAWNS for call in calls_in(function.body))


def _counted(node: Function | While | For) -> bool:
    """Tell whether something is counted, compared or paused on the way to the restart."""
    for inner in walk(node.body):
        if isinstance(inner, Name | Member):
            name = inner.id if isinstance(inner, Name) else inner.name
            if not set(words(name)).isdisjoint(_LIMITS):
                return True
        if isinstance(inner, Binary) and inner.op in ("<", ">", "<=", ">="):
            return True
        if isinstance(inner, Call) and inner.name in _PAUSES - {"wait"}:
            return True
    return False


def _in_pause(call: Call, callback: Function) -> bool:
    node: Node | None = call.parent
    while node is not None and node is not callback:
        if isinstance(node, Call) and node.name in _PAUSES:
            return True
        if isinstance(node, If) and _mentions_flag(node):
            return True
        node = node.parent
    return False


def _mentions_flag(node: If) -> bool:
    return any(
        isinstance(inner, Name | Member)
        and not set(words(inner.id if isinstance(inner, Name) else inner.name)).isdisjoint(_LIMITS)
        for inner in walk(node.test)
    )


def _endless(module: Module) -> Iterator[Match]:
    for call in [*module.calls(_SPAWNS), *_indirect(module)]:
        if not _starts_process(module, call):
            continue
        node: Node | None = call.parent
        while node is not None and not isinstance(node, Function):
            if isinstance(node, While) and _is_told(node):
                break
            if isinstance(node, While) or (isinstance(node, For) and node.style == "c"):
                leaves = any(isinstance(n, Return | Jump | Throw) for n in walk(node.body, into_functions=False))
                round_and_round = goes_round(node.test) if isinstance(node, While) else not node.header
                if round_and_round and not _counted(node) and not leaves and not _guarded(node):
                    yield Match(
                        call,
                        "The loop starts the process again as soon as it ends, without a pause, a count or a limit: "
                        "one that crashes at its start is restarted for ever.",
                    )
                break
            node = node.parent


def _starts_process(module: Module, call: Call) -> bool:
    """Tell whether a call of such a name can start a process: ``pattern.exec(text)`` looks for the next hit."""
    if module.resolve(call.callee).startswith(("gevent", "eventlet")) or (
        call.receiver is not None and set(words(module.text_of(call.receiver))) & _LIGHT
    ):
        return False
    if "coro" in call.keywords or any(_is_coroutine(module, arg) for arg in call.args):
        return False
    return call.name != "exec" or call.receiver is None or "child_process" in module.resolve(call.callee)


def _is_coroutine(module: Module, arg: Expr) -> bool:
    """Tell whether what is spawned is a coroutine of the subject, called or not, which runs in the process itself."""
    made = strip(arg)
    work = definition(module, made.callee if isinstance(made, Call) else made)
    return isinstance(work, Function) and work.asynchronous


def _indirect(module: Module) -> Iterator[Call]:
    """Yield the calls in loops of a function of the subject that itself starts a process."""
    for loop in module.all(While):
        if _is_told(loop):
            continue
        for call in calls_in(loop.body, into_functions=False):
            target = definition(module, call.callee)
            started = calls_in(target.body) if isinstance(target, Function) else ()
            if any(one.name in _SPAWNS and _starts_process(module, one) for one in started):
                yield call


def _is_told(loop: While) -> bool:
    """Tell whether a loop waits for what somebody sends, and does that, message after message."""
    first = min(calls_in(loop.body, into_functions=False), key=lambda call: call.raw.start_byte, default=None)
    return first is not None and first.name in _TAKES and first.receiver is not None


def goes_round(test: Expr) -> bool:
    """Tell whether a loop goes round until it is told to stop: ``while True``, ``while not self.stopping``."""
    test = strip(test)
    if isinstance(test, Literal):
        return bool(test.value)
    flag = strip(test.operand) if isinstance(test, Unary) and test.op == "not" else test
    if isinstance(flag, Call) and flag.name in ("is_set", "isSet") and not flag.args:
        return True
    return isinstance(flag, Name | Member)


def _guarded(loop: While | For) -> bool:
    """Tell whether a handler in the loop pauses or leaves."""
    return any(
        isinstance(node, Try) and any(isinstance(h, Handler) and _pauses(h) for h in node.handlers)
        for node in loop.body
    )


def _pauses(handler: Handler) -> bool:
    return any(isinstance(node, Call) and node.name in _PAUSES for node in walk(handler.body))
