"""COM001: what a host has done is told through an emitter, whose first listener that throws keeps all from the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, guarding_try
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Class,
    ExprStatement,
    For,
    Function,
    Handler,
    Name,
    Node,
    Param,
    Return,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_MAKERS: Final = frozenset(
    {"events.EventEmitter", "events", "EventEmitter", "eventemitter3", "events.default"}
    | {"pyee.EventEmitter", "pyee.base.EventEmitter"}
)
_LEVELS: Final = frozenset("debug info warn warning log trace verbose notice".split())
"""Events that only tell of what is done, to whoever keeps the log."""
_LISTENS: Final = frozenset({"on", "once", "addListener", "prependListener"})


@module_check("COM001", words={"emitter"})
def emitter_not_isolated(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each emitter to which others may add listeners for who gets the error of one of them."""
    if module.is_test or (module.language == "python" and "pyee" not in module.words):
        return
    yield from _between_turns(module)
    if inquiry.subject.kind != "host":
        return
    told: set[str] = set()
    for call in module.calls({"emit"}):
        emitter, function = call.receiver, function_of(call)
        if emitter is None or function is None or not call.args or not isinstance(call.parent, ExprStatement):
            continue
        name = module.text_of(emitter)
        if name in told or guarding_try(call) is not None or not _own(module, emitter):
            continue
        taken = _handed_on(module, emitter)
        if taken is None or not _outcome_hangs(function, call):
            continue
        told.add(name)
        yield Match(
            call,
            f"'{short(name)}' calls its listeners one after the other and stops at the first that throws: those behind "
            f"it hear nothing, and '{short(function.name)}', whose work is done, fails with the error of a stranger.",
            related=((taken, "anybody listens here"),),
        )


def _between_turns(module: Module) -> Iterator[Match]:
    """Look at objects that are emitters themselves and tell of each step of a longer work before they take the next."""
    for call in module.calls({"emit"}):
        cls = class_of(call)
        emitter = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(emitter, Name) or emitter.id != "this" or cls is None or not call.args:
            continue
        loop, function = enclosing_loop(call), function_of(call)
        if loop is None or function is None or guarding_try(call) is not None or not _is_emitter(module, cls):
            continue
        if any(isinstance(around, Handler) for around in ancestors(call)):
            continue  # what is told there is the failure itself
        if fixed_text(module, call.args[0]) in _LEVELS or not function.name:
            continue  # a line for the log, or a step of nothing that anybody waits for
        if isinstance(call.parent, ExprStatement) and any(one.stop <= call.start for one in find(loop.body, Await)):
            yield Match(
                call,
                f"'{short(module.text_of(call.callee))}' calls the listeners of '{cls.name}' between one step of "
                f"'{short(function.name)}' and the next: one that throws ends the work half-way, and those behind it "
                "hear nothing.",
            )
            return


def _is_emitter(module: Module, cls: Class) -> bool:
    return any(module.resolve(base) in _MAKERS for base in cls.bases)


def _own(module: Module, emitter: Expr) -> bool:
    """Tell whether an emitter is one that this file makes for itself."""
    made = module.scopes.origin(strip(emitter))
    if is_this_member(strip(emitter)) and made is strip(emitter):
        return False
    fresh = isinstance(made, Call) and (made.new or module.language == "python")
    return isinstance(made, Call) and fresh and module.resolve(made.callee) in _MAKERS


def _handed_on(module: Module, emitter: Expr) -> Call | None:
    """Return where a function puts a listener that it was handed on an emitter, as it came."""
    name = module.text_of(emitter)
    for call in module.calls(_LISTENS):
        given = strip(call.args[1]) if len(call.args) > 1 else None
        if call.receiver is None or module.text_of(call.receiver) != name or not isinstance(given, Name):
            continue
        bound = module.scopes.lookup(given.id, given)
        function = function_of(call)
        handed = len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is function
        if handed and function is not None and not function.private:
            return call
    return None


def _outcome_hangs(function: Function, emit: Call) -> bool:
    """Tell whether the function has worked for an outcome before it tells of it, and gives that to its caller."""
    if not function.name:
        return False
    loop = enclosing_loop(emit)
    if isinstance(loop, For) and loop.asynchronous:
        return True  # of what comes in, nothing is told any more behind the one that failed
    worked = any(isinstance(node, Await) and node.stop <= emit.start for node in find(function.body, Await))
    behind = any(
        isinstance(node, Return) and node.value is not None and node.start >= emit.stop
        for node in find(function.body, Node, into_functions=False)
    )
    goes_on = any(
        call.start >= emit.stop and last_name(call.callee) != "emit"
        for call in calls_in(function.body, into_functions=False)
    ) or any(isinstance(node, Assign) and node.start >= emit.stop for node in find(function.body, Assign))
    return worked and (behind or goes_on)
