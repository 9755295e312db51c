"""LIF037: what an ending hook throws is dropped without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import in_handler, use_of
from reviewer.code.syntax import (
    Block,
    Call,
    ExprStatement,
    Function,
    Jump,
    Literal,
    Name,
    Node,
    Return,
    Statement,
    Throw,
    Try,
    With,
    strip,
)
from reviewer.code.walk import ancestors, find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, uses_in

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF037", words=HOOK_WORDS)
def stop_error_swallowed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at an empty handler around an ending hook."""
    if module.is_test:
        return
    for use in uses_in(inquiry, module, "stop"):
        silent = None if _undoing(use) else _silence(use)
        place = silent if silent is not None else _settled_unseen(use)
        if place is not None:
            yield Match(
                place,
                f"What '{module.text_of(use.member)}' throws is dropped here without a trace: nobody learns that the "
                "plugin did not end, and what it may have left behind.",
                related=((use.call, "may throw here"),),
                confidence=None if silent is not None else Confidence.POSSIBLE,
            )


def _settled_unseen(use: HookUse) -> Node | None:
    """Return what gathers the endings of all plugins with their errors, where nobody looks at what it gives."""
    for around in ancestors(use.member):
        if isinstance(around, Call):
            settles = around.name == "allSettled" or (
                around.name == "gather" and "return_exceptions" in around.keywords
            )
            if settles:
                return around if use_of(around).how == "dropped" else None
            if around.name in ("catch", "then", "wait_for") or (around.callee is not use.member and use.call is around):
                return None
        elif isinstance(around, Function):
            if not isinstance(around.parent, Call) or around.parent.name != "map":
                return None
        elif isinstance(around, Statement) and not isinstance(around, Return | ExprStatement):
            return None
    return None


def _undoing(use: HookUse) -> bool:
    """Tell whether a plugin is ended because something else has failed, of which the error goes on, or is told."""
    handler = in_handler(use.site)
    return handler is not None and any(
        isinstance(statement, Throw)
        or any(name.id == handler.name for name in find(statement, Name))
        or any(call.name == "exception" for call in find(statement, Call))
        for statement in handler.body
    )


def _silence(use: HookUse) -> Node | None:
    inner: Node = use.site
    for around in ancestors(use.site):
        if isinstance(around, Call) and around.name == "catch" and around.args:
            callback = strip(around.args[0])
            if isinstance(callback, Function) and _empty(callback.body):
                return around
        elif isinstance(around, Try) and any(inner is s for s in around.body):
            return next((handler for handler in around.handlers if _empty(handler.body)), None)
        elif isinstance(around, With) and any(_suppresses(value) for value, _target in around.items):
            return around.items[0][0]
        if isinstance(around, Function):
            return None
        inner = around
    return None


def _suppresses(value: Node) -> bool:
    return isinstance(value, Call) and value.name == "suppress"


def _empty(body: list[Statement]) -> bool:
    """Tell whether a body does nothing: ``{}``, ``pass``, ``...``, ``=> undefined``."""
    return all(
        (isinstance(statement, ExprStatement | Return) and isinstance(statement.value, Literal | None))
        or (isinstance(statement, Jump) and statement.kind == "continue")
        or (isinstance(statement, Block) and not statement.body)
        for statement in body
    )
