"""LIF042: what fails is begun again and each failure is counted, and nothing ever looks at the count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    For,
    Function,
    Handler,
    Literal,
    Member,
    Name,
    Node,
    Template,
    Try,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.failures.restart_without_limit import goes_round

if TYPE_CHECKING:
    from reviewer.code.module import Module

_COUNTS: Final = frozenset(
    "restarts attempts attempt retries crashes crashed failures failure failed fails strikes tries respawns errors "
    "deaths falls stumbles".split()
)
_LOGS: Final = frozenset(
    "log logger logging debug info warn warning error exception critical print console trace note report tell event "
    "write str string format".split()
)
_TIMERS: Final = frozenset({"setTimeout", "call_later", "Timer", "schedule"})
_ENDS: Final = frozenset("exit exited crash crashed died dead ended gone lost terminated close error".split())
_STARTS: Final = frozenset("start restart respawn relaunch launch spawn boot revive reboot activate resume".split())
_PROCESSES: Final = frozenset({"Popen", "create_subprocess_exec", "create_subprocess_shell", "spawn", "fork"})
_WAITS: Final = frozenset({"wait", "communicate", "once"})
_ASKS: Final = frozenset("is has count how report note record mark".split())
"""Words of a function that says something of an end, and is not what is to be done at it."""
_LISTENS: Final = frozenset({"on", "once", "addListener", "addEventListener"})


@module_check("LIF042", words=_COUNTS)
def failures_only_counted(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each count of failures where what failed is begun again for what holds the count against anything."""
    if module.is_test:
        return
    seen: set[str] = set()
    for node in module.some(Assign, Unary):
        count = _counted(module, node)
        function = function_of(node)
        if count is None or function is None or _last(count) in seen or not set(words(_last(count))) & _COUNTS:
            continue
        again = _begun_again(module, node, function)
        if again is None or _is_looked_at(inquiry, module, count, node, function):
            continue
        seen.add(_last(count))
        yield Match(
            again,
            f"'{short(module.text_of(count))}' is counted, and nothing ever holds it against a limit or waits longer "
            "for it: what fails at once is begun again for ever, and nobody puts it aside.",
            related=((node, "only counted here"),),
        )


def _counted(module: Module, node: Node) -> Expr | None:
    """Return what a statement makes one more."""
    if isinstance(node, Unary):
        return strip(node.operand) if node.op == "++" and isinstance(strip(node.operand), Name | Member) else None
    if not isinstance(node, Assign) or not isinstance(node.target, Name | Member):
        return None
    if node.op == "+=":
        return node.target
    value = strip(node.value) if node.value is not None else None
    more = isinstance(value, Binary) and value.op == "+" and module.text_of(node.target) in module.text_of(value.left)
    return node.target if more else None


def _last(count: Expr) -> str:
    return count.id if isinstance(count, Name) else count.name if isinstance(count, Member) else ""


def _begun_again(module: Module, node: Node, function: Function) -> Node | None:
    """Return what begins again: the pause or the turn of an endless loop, a later call, the function around itself."""
    for around in ancestors(node):
        if isinstance(around, Function):
            break
        endless = isinstance(around, While) and (goes_round(around.test) or _until_told(around.test))
        endless = endless or (isinstance(around, For) and around.style == "c" and around.iterable is None)
        if endless and isinstance(around, While | For) and (_in_failure(node, around) or _runs_process(around)):
            pauses = [call for call in calls_in(around.body, into_functions=False) if _pauses(call)]
            return pauses[-1] if pauses else around
    heard = [] if in_handler(node) else list(_heard_at(module, function))
    if not heard and not _on_failure(node, function):
        return _started_when_told(function)
    homes: list[Function] = []
    for home in (function, *map(function_of, heard)):
        outer = home
        while outer is not None:
            homes.append(outer)
            outer = outer.outer
    for call in calls_in(function.body):
        target = definition(module, call.callee)
        if call.name in _TIMERS and call.args:
            target = definition(module, call.args[-1 if call.name == "call_later" else 0]) or target
        if any(target is home for home in homes):
            return call
    return _started_when_told(function)


def _started_when_told(function: Function) -> Call | None:
    """Return what starts something in a function that is told of its end: ``guestDied(id)``, ``onExit(code)``."""
    said = set(words(function.name))
    if not said & (_ENDS - {"close", "error"}) or said & _ASKS:
        return None
    started = (call for call in calls_in(function.body) if set(words(call.name)[:1]) & _STARTS)
    return next((call for call in started if call.receiver is not None or call.args), None)


def _until_told(test: Expr) -> bool:
    """Tell whether a loop goes on until an event says otherwise: ``while not self._stopping.is_set()``."""
    flag = strip(test.operand) if isinstance(test, Unary) and test.op == "not" else None
    return isinstance(flag, Call) and flag.name in ("is_set", "done", "cancelled") and not flag.args


def _pauses(call: Call) -> bool:
    return bool({"sleep", "delay", "pause", "wait"} & {call.name, *words(call.name)})


def _runs_process(loop: While | For) -> bool:
    """Tell whether each turn of a loop starts a process and waits until that has ended."""
    calls = [call.name for call in calls_in(loop.body, into_functions=False)]
    return not _PROCESSES.isdisjoint(calls) and not _WAITS.isdisjoint(calls)


def _in_failure(node: Node, loop: While | For) -> bool:
    """Tell whether something stands where a turn of a loop has failed, and the failure does not leave the loop."""
    handler = next((around for around in ancestors(node) if isinstance(around, Handler)), None)
    if handler is None or not inside(handler, loop):
        return False
    guard = handler.parent
    work = isinstance(guard, Try) and any(_is_handed_in(call) for call in calls_in(guard.body))
    leaves = {"Return", "Throw"} & {type(one).__name__ for one in walk(handler.body, into_functions=False)}
    breaks = any(getattr(one, "kind", "") == "break" for one in walk(handler.body, into_functions=False))
    return work and not leaves and not breaks


def _is_handed_in(call: Call) -> bool:
    """Tell whether a call runs what is not the function's own: a parameter, or a member of one."""
    function = function_of(call)
    held = strip(call.callee)
    while isinstance(held, Member):
        held = strip(held.object)
    return isinstance(held, Name) and function is not None and any(param.name == held.id for param in function.params)


def _on_failure(node: Node, function: Function) -> bool:
    """Tell whether a function runs because something has failed or ended: a ``catch``, a listener for an exit."""
    call = function.parent
    return in_handler(node) is not None or (isinstance(call, Call) and call.name == "catch")


def _heard_at(module: Module, function: Function) -> Iterator[Call]:
    """Yield where somebody listens for an end and has a function run, by itself or by ``() => this.ended()``."""
    for call in module.calls(_LISTENS):
        told = definition(module, call.args[1]) if len(call.args) > 1 and _is_end(call) else None
        if told is function:
            yield call
            continue
        only = told.body if isinstance(told, Function) and len(told.body) == 1 else []
        if any(definition(module, one.callee) is function for one in calls_in(only)):
            yield call


def _is_end(call: Call) -> bool:
    event = strip(call.args[0]) if call.name in _LISTENS and call.args else None
    return isinstance(event, Literal) and bool(set(words(str(event.value))) & _ENDS)


def _is_looked_at(inquiry: Inquiry, module: Module, count: Expr, node: Node, function: Function) -> bool:
    """Tell whether anything but a line of a log is made of a count."""
    name = _last(count)
    if isinstance(count, Name):
        outer = function
        while outer.outer is not None:
            outer = outer.outer
        return any(_makes_of(one, node) for one in find(outer, Name) if one.id == name)
    modules = inquiry.project.modules(naming={name}, tests=False) if not is_this_member(count) else [module]
    return any(
        _makes_of(one, node)
        for other in modules
        for one in other.all(Member)
        if one.name == name or (one.name.lstrip("#_") == name.lstrip("#_"))
    )


def _makes_of(use: Node, counting: Node) -> bool:
    """Tell whether a use of a count is more than counting, setting it back or writing it down."""
    if inside(use, counting):
        return False
    if isinstance(use.parent, Assign) and use.parent.target is use:
        return False
    for around in ancestors(use):
        if isinstance(around, Call):
            return not set(words(around.name)) & _LOGS
        if not isinstance(around, Template):
            return True
    return True
