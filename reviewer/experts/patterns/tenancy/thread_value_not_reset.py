"""PAT160: what is set for one job on a thread is still set for the next one that the thread runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import after, conditions
from reviewer.code.syntax import (
    Assign,
    Call,
    Delete,
    Expr,
    Function,
    Handler,
    If,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Try,
    With,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of, inside, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("PAT160", words={"threading"})
def thread_value_not_reset(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that sets a value of its thread and then runs the work of others."""
    if module.is_test or module.language != "python":
        return
    for node in module.all(Assign):
        target, function = strip(node.target), function_of(node)
        if function is None or node.value is None or not isinstance(target, Member) or isinstance(node.value, Literal):
            continue
        if not _is_of_thread(module, target.object) or not _handed_in(module, node.value):
            continue
        if not _runs_others(module, node):
            continue
        back = _set_back(module, function, node, target)
        if back is not None:
            if not _whatever_happens(back):
                yield Match(
                    node,
                    f"'{module.text_of(target)}' is set back only where nothing is raised: the next job on this thread "
                    "works for the one whose turn has failed.",
                    related=((back, "set back here"),),
                )
            continue
        sometimes = bool(conditions(node))
        yield Match(
            node,
            f"'{module.text_of(target)}' keeps this value when the work is done: the next one that this thread runs "
            f"{'without one of its own ' if sometimes else ''}works for the one before.",
            confidence=None if sometimes else Confidence.POSSIBLE,
        )


def _is_of_thread(module: Module, holder: Expr) -> bool:
    made = module.scopes.origin(holder)
    return isinstance(made, Call) and module.resolve(made.callee) in ("threading.local", "threading.local.local")


def _handed_in(module: Module, value: Expr) -> bool:
    """Tell whether a value is, or is made of, what a function was handed."""
    return any(isinstance(bound, Param) for name in find(value, Name) for bound in module.scopes.lookup(name.id, name))


def _runs_others(module: Module, node: Assign) -> bool:
    """Tell whether a parameter is called afterwards: ``return job()``."""
    return any(
        isinstance(later, Call)
        and isinstance(later.callee, Name)
        and any(isinstance(bound, Param) for bound in module.scopes.lookup(later.callee.id, later.callee))
        for later in after(node)
    )


def _set_back(module: Module, function: Function, node: Assign, target: Member) -> Node | None:
    """Return where the function gives the thread its earlier value, or none, or hands the holder to what may."""
    text = module.text_of(target)
    for other in find(function.body, Assign):
        if other is not node and module.text_of(other.target) == text:
            return other
    for delete in find(function.body, Delete):
        if any(module.text_of(gone) == text for gone in delete.targets):
            return delete
    holder = module.text_of(target.object)
    for call in find(function.body, Call):
        if call.name in ("delattr", "clear", "setattr") and holder in names_in(call):
            return call
    return None


def _whatever_happens(back: Node) -> bool:
    """Tell whether a value is set back in a ``finally``, before the work, or by what an error comes to as well."""
    inner = back
    for around in ancestors(back):
        if isinstance(around, Try | Handler | If | With):
            return (
                not isinstance(around, Try) or any(inside(inner, one) for one in around.final) or bool(around.handlers)
            )
        if isinstance(around, Function):
            return False
        inner = around
    return False
