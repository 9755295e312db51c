"""LIF163: a task of the host goes through the plugins again and again, and ends with the first error of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Await, Call, Class, Expr, ExprStatement, For, Literal, Name, Unary, While, strip
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_STARTS: Final = frozenset({"create_task", "ensure_future", "start_soon"})
_OWN: Final = frozenset(
    "get set add append push keys values items has log debug info warning error close cancel".split()
)
"""Calls that any record of the host has, too."""


@module_check("LIF163", words={"create", "ensure", "soon", "pulse", "tick", "poll", "beat", "sleep", "timeout"})
def pulse_ends_on_one(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each endless loop that nobody waits for, for what it calls of each of several with nothing around."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for function in module.functions:
        if not function.asynchronous or not _runs_alone(module, function):
            continue
        for loop in find(function.body, While, into_functions=False):
            endless = isinstance(loop.test, Literal) and bool(loop.test.value)
            waits = next(find(loop.body, Await, into_functions=False), None)
            if not endless or waits is None or guarding_try(loop) is not None:
                continue
            foreign = _foreign(module, loop)
            if foreign is not None:
                yield Match(
                    foreign,
                    f"When '{short(module.text_of(foreign.callee))}' raises for one of them, '{function.name}' ends: "
                    "none of the others is reached again, and nobody is told.",
                    related=((loop, "the loop that was to go on"),),
                    fix="Catch what one of them raises inside the inner loop, and tell of it.",
                )
                break


def _runs_alone(module: Module, function: Function) -> bool:
    """Tell whether a function is begun as a task of its own, and not waited for where it is."""
    for call in module.calls((function.name,)) if function.name else ():
        around = call.parent
        if isinstance(around, Call) and around.name in _STARTS:
            return True
        if module.language != "python" and (
            isinstance(around, ExprStatement) or (isinstance(around, Unary) and around.op == "void")
        ):
            return True
    return False


def _foreign(module: Module, loop: While) -> Call | None:
    """Return a call of a method of what an inner loop goes through, where nothing on the way catches its error."""
    for inner in find(loop.body, For, into_functions=False):
        given = names_in(inner.target) if inner.target is not None else set()
        parts = [*inner.body, *(one.iterable for one in find(inner.body, For) if one.iterable is not None)]
        for call in calls_in(parts, into_functions=False):
            held = strip(call.receiver) if call.receiver is not None else None
            of_one = isinstance(held, Name) and held.id in given and call.name not in _OWN
            if of_one and held is not None and guarding_try(call) is None and _is_of_others(module, held, call):
                return call
    return None


def _is_of_others(module: Module, held: Expr, call: Call) -> bool:
    """Tell whether a call reaches code that is not the host's: at once, or by a function that a record of his holds."""
    cls = class_of_value(module, held)
    if not isinstance(cls, Class) or cls.kind == "interface":
        return True
    kinds = [field.type for field in cls.fields if field.name == call.name]
    return any("Callable" in kind or "=>" in kind for kind in kinds)
