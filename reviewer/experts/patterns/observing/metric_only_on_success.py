"""PAT017: the time or the end of a plugin's work is recorded only where it succeeds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, exits
from reviewer.code.syntax import Assign, Await, Binary, Call, ExprStatement, Function, Name, Node, Try, strip
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.patterns.observing.metrics import METRICS
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_MOST: Final = 6
"""Clocks that are looked at in one function."""
_CLOCKS: Final = frozenset(
    "performance.now Date.now process.hrtime process.hrtime.bigint time.time time.perf_counter time.monotonic "
    "time.process_time now".split()
)
_LOGS: Final = word_set(
    "log logger logging console print debug info warn warning error trace sleep delay set_timeout settimeout"
)
_TIMERS: Final = frozenset({"startTimer", "start_timer", "startSpan", "start_span"})
_SINKS: Final = METRICS | word_set(
    "observe record timing duration latency span elapsed report track end stop time timings"
)
_CALLS: Final = frozenset(
    {
        "observe",
        "record",
        "timing",
        "recordDuration",
        "histogram",
        "distribution",
        "end",
        "time",
        "set",
        "push",
        "append",
        "add",
        "measure",
        "report",
        "emit",
        "track",
        "record_duration",
    }
)


@module_check(
    "PAT017", words=METRICS | word_set("duration elapsed latency timing span performance monotonic hrtime perf")
)
def metric_only_on_success(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a measured call may throw past the statement that records it."""
    if module.is_test:
        return
    for function in module.functions:
        for started in islice(_starts(module, function), _MOST):
            name = started.target.id if isinstance(started.target, Name) else ""
            stops = [call for call in _records(module, function) if _uses(module, call, name, function)]
            if not stops or any(_always(call) for call in stops) or len(stops) > 1:
                continue
            work = _work(module, started, stops[0])
            if work is not None and not _survives(work, stops[0]):
                yield Match(
                    stops[0],
                    f"This is recorded only when '{short(module.text_of(work))}' succeeds: failures and timeouts, "
                    "which are the slow ones, are missing from the numbers.",
                    related=((work, "may fail here"),),
                )
                break


def _starts(module: Module, function: Function) -> Iterator[Assign]:
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Assign) and node.value is not None and isinstance(node.target, Name) and node.op == "=":
            value = strip(node.value)
            if isinstance(value, Call) and (_is_clock(module, value) or value.name in _TIMERS):
                yield node


def _is_clock(module: Module, call: Call) -> bool:
    resolved = module.resolve(call.callee)
    return resolved in _CLOCKS or (call.name in ("now", "monotonic", "perf_counter") and not call.args)


def _records(module: Module, function: Function) -> Iterator[Call]:
    for call in calls_in(function.body, into_functions=False):
        if call.receiver is None:
            words = set(spelled(call.name))
            if words & _SINKS or not call.args or _takes_time(module, call):
                yield call
        elif (call.name in _CALLS and path_words(call.callee) & _SINKS) or _takes_time(module, call):
            yield call


def _takes_time(module: Module, call: Call) -> bool:
    """Tell whether a statement hands on how long something took, whatever it is called: no line of a log."""
    if not isinstance(call.parent, ExprStatement) or path_words(call.callee) & _LOGS:
        return False
    for argument in (*call.args, *call.keywords.values()):
        for part in find(argument, Binary):
            left = strip(part.left)
            if part.op == "-" and isinstance(left, Call) and _is_clock(module, left) and isinstance(part.right, Name):
                return True
    return False


def _uses(module: Module, call: Call, name: str, function: Function) -> bool:
    """Tell whether a call is given the time since the start, or is the timer itself."""
    if isinstance(call.callee, Name) and call.callee.id == name:
        return True
    if isinstance(call.receiver, Name) and call.receiver.id == name and call.name in ("end", "stop"):
        return True
    names = {name}
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Assign) and isinstance(node.target, Name) and node.value is not None:
            parts = walk(node.value, into_functions=False)
            if node.target.id != name and any(isinstance(part, Name) and part.id in names for part in parts):
                names.add(node.target.id)
    return any(
        isinstance(part, Name) and part.id in names
        for arg in (*call.args, *call.keywords.values())
        for part in walk(arg)
    )


def _always(call: Call) -> bool:
    """Tell whether a recording runs on every way out: in a ``finally``, or in a callback of one."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Try) and any(inner is s for s in around.final):
            return True
        if isinstance(around, Function):
            return isinstance(around.parent, Call) and around.parent.name in ("finally", "add_done_callback")
        inner = around
    return False


def _work(module: Module, started: Assign, stop: Call) -> Expr | None:
    """Return the awaited or handed-in call between the start and the recording."""
    for node in before(stop):
        if node.raw.start_byte <= started.raw.end_byte:
            continue
        if isinstance(node, Await):
            return node
        if isinstance(node, Call) and node is not stop and _foreign(module, node):
            return node
    return None


def _foreign(module: Module, call: Call) -> bool:
    """Tell whether a call runs what somebody else has written."""
    words = path_words(call.callee)
    telling = {
        "plugin",
        "handler",
        "extension",
        "instance",
        "addon",
        "widget",
        "skill",
        "callback",
        "command",
        "listener",
        "run",
        "execute",
        "invoke",
        "fn",
        "work",
        "action",
        "task",
        "activate",
        "hook",
    }
    return bool(words & telling) and not words & (METRICS | {"log", "logger", "emit"})


def _survives(work: Node, stop: Node) -> bool:
    """Tell whether a failure of the work still comes to the recording: it is caught in between and goes on."""
    inner: Node = work
    for around in ancestors(work):
        if isinstance(around, Function):
            return False
        if isinstance(around, Try) and around.handlers and any(inner is s for s in around.body):
            if any(part is stop for part in walk(around.body)):
                inner = around
                continue  # the recording is skipped with the rest of the body
            return not all(exits(handler.body) for handler in around.handlers)
        inner = around
    return function_of(work) is None
