"""COM052: the error of a child process, a worker or a connection has nobody who hears it, and ends the host."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Expr,
    Field,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Spread,
    strip,
)
from reviewer.code.walk import class_of, find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKERS: Final = {
    "child_process.spawn": "a program that can't be started",
    "child_process.fork": "a script that can't be started",
    "worker_threads.Worker": "an error that nobody in the worker catches",
    "net.connect": "a connection that breaks",
    "net.createConnection": "a connection that breaks",
    "tls.connect": "a connection that breaks",
    "ws.WebSocket": "a connection that breaks",
    "ws": "a connection that breaks",
    "ws.default": "a connection that breaks",
}
_ITSELF: Final = frozenset({"process.execPath", "process.argv0", "process.argv"})
"""The program that runs already, and so can be started."""
_MOST: Final = 200
_LISTENS: Final = frozenset({"on", "once", "addListener"})


@module_check("COM052", words={"spawn", "fork", "worker", "connect", "connection", "socket"})
def error_unheard(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each child process, worker and connection for a listener of its errors."""
    if module.is_test or module.language == "python":
        return
    made = module.calls({"spawn", "fork", "Worker", "connect", "createConnection", "WebSocket"})
    for call in islice(made, _MOST):
        what = _MAKERS.get(module.resolve(call.callee), "")
        if not what or (call.args and _is_itself(module, call.args[0])):
            continue
        holder = _holder(call)
        if holder is None or _heard(module, holder) or _handed_on(module, holder):
            continue
        yield Match(
            call,
            f"'{module.text_of(holder)}' has no listener for 'error': {what} becomes an uncaught exception and ends "
            "the whole process.",
            confidence=Confidence.POSSIBLE if _through_shell(call) else None,
        )


def _is_itself(module: Module, program: Expr) -> bool:
    """Tell whether the program that is started is the one that runs: ``process.execPath``, ``process.argv[0]``."""
    program = strip(program)
    return module.resolve(program.object if isinstance(program, Index) else program) in _ITSELF


def _through_shell(call: Call) -> bool:
    """Tell whether a shell is started, which is there; it tells by its exit that the program could not be started."""
    options = strip(call.args[-1]) if call.args else None
    shell = options.get("shell") if isinstance(options, Object) else None
    return isinstance(shell, Literal) and shell.value is True


def _holder(call: Call) -> Expr | None:
    """Return the name or field that what was made is kept in."""
    parent = call.parent
    if isinstance(parent, Assign) and parent.value is call and isinstance(parent.target, Name | Member):
        return parent.target
    return None


def _same(module: Module, one: Expr | None, holder: Expr) -> bool:
    one = strip(one) if one is not None else None
    if isinstance(holder, Name):
        if not isinstance(one, Name) or one.id != holder.id:
            return False
        return module.scopes.lookup(one.id, one) == module.scopes.lookup(holder.id, holder)
    return (
        isinstance(one, Member)
        and isinstance(holder, Member)
        and one.name == holder.name
        and class_of(one) is class_of(holder)
    )


def _heard(module: Module, holder: Expr) -> bool:
    for call in module.calls(_LISTENS):
        if call.args and fixed_text(module, call.args[0]) == "error" and _chained(module, call, holder):
            return True
    for assign in module.all(Assign):
        target = assign.target
        if isinstance(target, Member) and target.name == "onerror" and _same(module, target.object, holder):
            return True
    return False


def _chained(module: Module, call: Call, holder: Expr) -> bool:
    """Tell whether a call is made on the holder, directly or at the end of a chain of ``on``."""
    receiver = call.receiver
    while isinstance(receiver, Call) and receiver.name in _LISTENS:
        receiver = receiver.receiver
    return _same(module, receiver, holder)


def _handed_on(module: Module, holder: Expr) -> bool:
    """Tell whether somebody else gets what was made, and may listen."""
    function = function_of(holder)
    scope: list[Node] = list(function.body) if isinstance(holder, Name) and function is not None else list(module.body)
    for node in walk(scope):
        if isinstance(node, Name | Member) and node is not holder and _same(module, node, holder):
            parent = node.parent
            if isinstance(parent, Return) and _too_late(holder, parent):
                continue
            if isinstance(parent, Return | Object | Array | Spread | Field):
                return True
            if isinstance(parent, Call) and node is not parent.callee and not _only_kept(module, parent):
                return True
            if isinstance(parent, Assign) and parent.value is node:
                return True
    return False


def _too_late(holder: Expr, answer: Return) -> bool:
    """Tell whether a function waits for something else before it gives away what was made: the error comes first."""
    function = function_of(holder)
    waits = find(function.body, Await, into_functions=False) if function is not None else ()
    return function_of(answer) is function and any(holder.start < one.start < answer.start for one in waits)


def _only_kept(module: Module, call: Call) -> bool:
    """Tell whether a call puts it into a collection of the file, which nowhere listens for errors."""
    kept = call.name in ("set", "push", "add") and (is_this_member(call.receiver) or isinstance(call.receiver, Name))
    return kept and not any(
        other.args and fixed_text(module, other.args[0]) == "error" for other in module.calls(_LISTENS)
    )
