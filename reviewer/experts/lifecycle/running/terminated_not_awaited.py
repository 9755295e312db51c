"""LIF365: a process is asked to end, and nobody waits until it has, or ends it when it doesn't."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.made import values_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Function, Literal, Member, Name, With, strip
from reviewer.code.walk import class_of, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.guests import table_of

if TYPE_CHECKING:
    from reviewer.code.module import Module

_MADE: Final = frozenset(
    "subprocess.Popen asyncio.create_subprocess_exec asyncio.create_subprocess_shell multiprocessing.Process "
    "anyio.open_process".split()
)
_WAITS: Final = frozenset({"wait", "communicate", "join", "kill", "poll", "is_alive", "aclose", "wait_for"})


_FORKED: Final = frozenset("child_process.spawn child_process.fork child_process.execFile child_process.exec".split())
_ASKING: Final = frozenset({"SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"})
"""Signals that a process may hear in its own time, or not at all."""
_HEARS: Final = frozenset({"on", "once", "addListener", "addEventListener", "fromEvent"})
_LOOKS: Final = frozenset({"exitCode", "signalCode", "exited", "SIGKILL"})


@module_check("LIF365", words={"terminate"})
def terminated_not_awaited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look behind each request to a process of Python to end for what looks whether it did."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("terminate",)):
        function = function_of(call)
        if call.receiver is None or function is None or call.args or not _is_process(module, call.receiver):
            continue
        names = _names_of(module, call)
        if any(_waits_for(other, names) for other in _calls_near(module, function)) or _waited_at_end(function, names):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(call))}' only asks: a process that does not hear it, or takes its time, runs on "
            "when its owner is gone, and one that ends stays a zombie.",
        )


@module_check("LIF365", words={"kill"})
def killed_not_awaited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each signal by which an asynchronous function ends a process for what hears that it has ended."""
    if module.is_test or module.language == "python" or not module.identifiers.isdisjoint(_LOOKS):
        return
    for call in module.calls(("kill",)):
        function, asked = function_of(call), strip(call.args[0]) if call.args else None
        if call.receiver is None or function is None or not function.asynchronous or _hears_of_end(module):
            continue
        if asked is not None and not (isinstance(asked, Literal) and asked.value in _ASKING):
            continue
        made = values_of(module, call.receiver)
        if any(isinstance(one, Call) and where.resolve(one.callee) in _FORKED for where, one in made):
            yield Match(
                call,
                f"'{short(module.text_of(call))}' only asks: '{function.name or 'the function'}' is done while the "
                "process still runs, and one that does not hear it runs on when its owner is gone.",
            )


def _hears_of_end(module: Module) -> bool:
    """Tell whether anything in a file listens for the end of a process."""
    return any(
        isinstance(event := strip(arg), Literal) and event.value in ("exit", "close", "disconnect")
        for call in module.calls(_HEARS)
        for arg in call.args[:2]
    )


def _waited_at_end(function: Function, names: set[str]) -> bool:
    """Tell whether a block waits for the process where it ends: ``with process: … process.terminate()``."""
    return any(
        isinstance(held := strip(value), Name) and held.id in names
        for block in find(function.body, With, into_functions=False)
        for value, _target in block.items
    )


def _is_process(module: Module, receiver: Expr) -> bool:
    """Tell whether an object is a process that the file starts."""
    for where, value in values_of(module, receiver):
        if isinstance(value, Call) and where.resolve(value.callee) in _MADE:
            return True
        held = table_of(module, value.receiver) if isinstance(value, Call) and value.receiver is not None else None
        for access in held.of("write") if held is not None else ():
            kept = strip(access.value) if access.value is not None else None
            if isinstance(kept, Call) and module.resolve(kept.callee) in _MADE:
                return True
    return False


def _calls_near(module: Module, function: Function) -> Iterator[Call]:
    """Yield the calls of a function and of all methods beside it."""
    cls = class_of(function)
    yield from find(cls if cls is not None else function, Call)


def _names_of(module: Module, call: Call) -> set[str]:
    """Return the names under which the process of a call is known: its variable, and the field behind that."""
    receiver = strip(call.receiver) if call.receiver is not None else None
    found = {receiver.id} if isinstance(receiver, Name) else set()
    return found | ({member.name for member in _fields_behind(module, receiver)} if receiver is not None else set())


def _waits_for(call: Call, names: set[str]) -> bool:
    """Tell whether a call waits for the process, asks after it or kills it, or is handed what does."""
    of = strip(call.receiver) if call.receiver is not None else None
    if call.name in _WAITS and isinstance(of, Name | Member) and (of.id if isinstance(of, Name) else of.name) in names:
        return True
    return any(
        isinstance(arg, Name | Member) and (arg.id if isinstance(arg, Name) else arg.name) in names for arg in call.args
    )


def _fields_behind(module: Module, expr: Expr) -> Iterator[Member]:
    """Yield the field that an expression is, or that the variable was given."""
    expr = strip(expr)
    if is_this_member(expr):
        yield expr
    elif isinstance(expr, Name):
        made = module.scopes.origin(expr)
        if isinstance(made, Member):
            yield made
        for binding in module.scopes.lookup(expr.id, expr):
            value = getattr(binding, "value", None)
            if isinstance(value, Member):
                yield value
