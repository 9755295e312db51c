"""PAT160: a context variable keeps its value when something is raised before it is reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Node,
    Try,
    Yield,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.managers import manages
from reviewer.experts.patterns.context_variables import is_context_variable, uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_LATER: Final = frozenset({"callback", "push", "enter_context", "enter_async_context", "push_async_callback"})
"""Calls that have something done, or undone, when the block is left."""


@module_check("PAT160", words={"contextmanager", "asynccontextmanager", "__enter__", "__aenter__"})
def context_variable_never_reset(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each context manager that sets a variable for its block, and leaves it so behind it."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("set",)):
        function = function_of(call)
        if function is None or not is_context_variable(module, call.receiver):
            continue
        leaving = _behind_block(function, call)
        back = [one for one in leaving or () if _sets_back(module, one, call)]
        name = module.text_of(call.receiver) if call.receiver is not None else ""
        plain = function.generator and not isinstance(call.parent, Assign)
        if back and plain and not any(one.name in _LATER or _always(one) for one in back):
            yield Match(
                back[0],
                f"'{name}' is set back only where the block raises nothing: there is no 'finally' around the 'yield', "
                "and what goes on behind an error still works for the one whose turn has failed.",
            )
        if leaving is None or back:
            continue
        yield Match(
            call,
            f"'{name}' keeps this value when the block is left: what goes on in the same context still works for the "
            "one whose turn is over.",
        )


def _behind_block(function: Function, call: Call) -> list[Call] | None:
    """Return the calls that a context manager makes when its block is left; None for what is no context manager."""
    if function.name in ("__enter__", "__aenter__"):
        exits = function.owner.methods if function.owner is not None else ()
        leaving = [one for one in exits if one.name in ("__exit__", "__aexit__")]
        return [call for one in leaving for call in calls_in(one.body)] if leaving else None
    if not function.generator or not any(manages(decorator) for decorator in function.decorators):
        return None
    yields = [one for statement in function.body for one in find(statement, Yield, into_functions=False)]
    if not yields or call.start > yields[0].start:
        return None
    return [one for one in calls_in(function.body) if one.start > yields[0].start or one.name in _LATER]


def _sets_back(module: Module, leaving: Call, call: Call) -> bool:
    """Tell whether a call may give a variable its earlier value: by a reset, a set, or a helper that is handed it."""
    if leaving is call:
        return False
    if leaving.name == "reset" or leaving.name in _LATER:
        return True
    if leaving.name == "set" and is_context_variable(module, leaving.receiver):
        return True
    target = callee(module, leaving)
    return target is not None and any(inner.name in ("reset", "set") for inner in calls_in(target.body))


@module_check("PAT160", words={"reset"})
def context_variable_not_reset(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each context variable that is set for where it is reset."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(("set",)):
        function = function_of(call)
        assigned = call.parent
        if function is None or not isinstance(assigned, Assign) or not is_context_variable(module, call.receiver):
            continue
        token = module.text_of(assigned.target)
        resets = [one for one in uses(module, function, "reset") if one.args and module.text_of(one.args[0]) == token]
        if not resets or any(_always(reset) for reset in resets):
            continue
        name = module.text_of(call.receiver) if call.receiver is not None else ""
        if _can_fail(function.body, call, resets[-1]):
            yield Match(
                assigned,
                f"When something is raised before the reset, '{name}' keeps this value: what goes on in the same "
                "context works for the one whose turn has failed.",
                related=((resets[0], "reset only where nothing was raised"),),
            )


def _always(reset: Call) -> bool:
    """Tell whether a reset stands in a ``finally``."""
    inner: Node = reset
    for around in ancestors(reset):
        if isinstance(around, Try) and any(inside(inner, one) for one in around.final):
            return True
        inner = around
    return False


def _can_fail(body: list[Node] | object, first: Call, last: Call) -> bool:
    """Tell whether something between two places may raise: a call, or the block of a context manager."""
    between = range(first.stop, last.start)
    return isinstance(body, list) and any(
        node.start in between and node is not last.callee
        for statement in body
        for node in find(statement, Node)
        if isinstance(node, Call | Yield | Await)
    )
