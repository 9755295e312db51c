"""What takes back what a host has noted of a plugin, where its start or its end fails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from reviewer.code.made_anew import leaves_some
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Conditional,
    Delete,
    Expr,
    Function,
    Handler,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Try,
    Unary,
    With,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.experts.lifecycle.guests.entries import PASSING, flag_state, state_of
from reviewer.experts.lifecycle.vocabulary import FAILED_WORDS, RELEASE_WORDS, has_word
from reviewer.experts.told_only import tells

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LOGS: Final = frozenset({"console", "log", "logger", "logging", "timer", "timeout", "clock"})
_LOCKS: Final = frozenset({"lock", "semaphore", "mutex", "condition"})
_NOTES: Final = frozenset({"push", "append", "add", "String", "str", "repr"})
_ERRORS: Final = ("Error", "Exception")
_STACKS: Final = frozenset({"stack", "rollback", "transaction", "guard", "cleanup", "undo", "recording", "tracking"})


def undoes(nodes: Iterable[Node]) -> bool:
    """Tell whether code takes something back: removes, disposes, marks as failed, clears a field."""
    for node in walk(list(nodes)):
        if isinstance(node, Delete) or (isinstance(node, Unary) and node.op == "delete"):
            return True
        if isinstance(node, Call) and has_word(node.name, RELEASE_WORDS | FAILED_WORDS) and not _beside(node):
            return True
        if isinstance(node, Assign) and isinstance(node.target, Member | Index):
            value = strip(node.value) if node.value is not None else None
            name = node.target.name if isinstance(node.target, Member) else ""
            empty = isinstance(value, Literal) and (value.value is None or value.value is False)
            if empty or flag_state(name, value) in ("resting", "pending") or has_word(name, FAILED_WORDS):
                return True
            if isinstance(node.target, Index):
                return True
        if isinstance(node, Call) and (_notes_failure(node) or _takes_out(node)):
            return True
        if isinstance(node, Assign) and leaves_some(node):
            return True
    return False


def _takes_out(call: Call) -> bool:
    """Tell whether a list loses what stands at some place: ``seats.splice(seats.indexOf(seat), 1)``."""
    return call.name == "splice" and call.receiver is not None and len(call.args) == 2


def _notes_failure(call: Call) -> bool:
    if call.receiver is None or call.name not in ("push", "append", "add", "set"):
        return False
    return has_word(_holder(call.receiver), FAILED_WORDS) or any(state_of(value) == "resting" for value in call.args)


def _holder(expr: Expr) -> str:
    expr = strip(expr)
    return expr.name if isinstance(expr, Member) else expr.id if isinstance(expr, Name) else ""


def _beside(call: Call) -> bool:
    """Tell whether a call that sounds like taking back only logs, makes an error, or stops or empties what passes."""
    receiver = call.receiver
    if call.name.endswith(("Error", "Exception", "Timeout")):
        return True  # throw new TimeoutError(…)
    if receiver is None:
        return call.name in ("clearTimeout", "clearInterval")
    holder = _holder(receiver)
    return has_word(holder, _LOGS) or (has_word(holder, PASSING) and not has_word(holder, FAILED_WORDS))


def sets_member_back(module: Module, nodes: Iterable[Node], name: str) -> bool:
    """Tell whether what runs where a call fails gives a member another value, as far as that can be known.

    A function of the subject does so when one that it reaches assigns the member; what only tells or notes something
    does not; whatever else is called may.
    """
    for node in walk(list(nodes)):
        if isinstance(node, Delete) or (isinstance(node, Unary) and node.op == "delete"):
            return True
        if isinstance(node, Assign) and _assigns(node, name):
            return True
        if not isinstance(node, Call) or tells(node) or node.name in _NOTES or node.name.endswith(_ERRORS):
            continue
        target = definition(module, node.callee)
        if not isinstance(target, Function):
            return True
        reached = [target, *(called for one in calls_in(target.body) if (called := definition(module, one.callee)))]
        if any(_assigns(one, name) for function in reached for one in find(function, Assign)):
            return True
    return False


def _assigns(assign: Assign, name: str) -> bool:
    return isinstance(assign.target, Member | Index) and not (
        isinstance(assign.target, Member) and assign.target.name != name
    )


def undone_on_failure(module: Module, site: Call, depth: int = 0) -> bool:
    """Tell whether something is taken back when a call fails, here or in a caller of its function."""
    inner: Node = site
    for around in ancestors(site):
        if isinstance(around, Call | Member | Await):
            if (
                isinstance(around, Call)
                and around.name in ("catch", "then", "finally")
                and _undoing_callback(module, around)
                and not (around.name == "finally" and _in_any_case(around))
            ):
                return True
        elif isinstance(around, Try) and any(inner is s for s in around.body):
            if any(undoes(_with_helpers(module, handler)) for handler in around.handlers) or undoes(around.final):
                return True
        elif isinstance(around, With) and any(_is_stack(module, value) for value, _ in around.items):
            return True
        if isinstance(around, Function) and not _is_link(around):
            break
        inner = around
    helper = definition(module, site.callee)
    if isinstance(helper, Function) and any(isinstance(n, Handler) and undoes(n.body) for n in walk(helper.body)):
        return True
    return depth < 2 and _callers_undo(module, function_of(site), depth)


def _is_link(function: Function) -> bool:
    """Tell whether a function is a step in a chain of promises, whose failure a later step sees."""
    chain = function.parent
    return isinstance(chain, Call) and chain.name == "then" and chain.callee is not function


def _with_helpers(module: Module, handler: Handler) -> list[Node]:
    """Return a handler's body and the bodies of the subject's functions that it calls."""
    found: list[Node] = list(handler.body)
    for node in walk(handler.body):
        if isinstance(node, Call) and not has_word(node.name, RELEASE_WORDS):
            target = definition(module, node.callee)
            if isinstance(target, Function) and target is not function_of(handler):
                found.extend(target.body)
    return found


def _is_stack(module: Module, value: Expr) -> bool:
    """Tell whether a block ends with what was put off in it, and is none that only lets one in at a time."""
    value = strip(value)
    made = module.scopes.origin(value)
    if isinstance(made, Call) and made is not value and has_word(made.name, _LOCKS):
        return False
    return has_word(value.name if isinstance(value, Call) else _holder(value), _STACKS)


def _undoing_callback(module: Module, call: Call) -> bool:
    for arg in call.args:
        if isinstance(arg, Function) and undoes(arg.body):
            return True
        if isinstance(arg, Name | Member) and has_word(_holder(arg), RELEASE_WORDS):
            return True
    return False


def _in_any_case(call: Call) -> bool:
    """Tell whether all that runs behind a promise is to take a key out of a table, whether it failed or not.

    What is to stay when it succeeds does not stand in that table: ``job.finally(() => this.starting.delete(id))``.
    """
    step = call.args[0] if call.args else None
    if not isinstance(step, Function) or any(isinstance(node, If | Conditional) for node in walk(step.body)):
        return False
    made = list(calls_in(step.body))
    return len(made) == 1 and made[0].name in ("delete", "discard", "pop")


def _callers_undo(module: Module, function: Function | None, depth: int) -> bool:
    if function is None or not function.name:
        return False
    callers = [c for c in module.calls((function.name,)) if definition(module, c.callee) is function]
    return any(undone_on_failure(module, call, depth + 1) for call in callers if function_of(call) is not function)
