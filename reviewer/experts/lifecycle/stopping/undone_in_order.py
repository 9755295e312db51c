"""LIF025: what was done is undone in the order in which it was done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Expr, For, Member, Name, strip
from reviewer.code.walk import calls_in, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from reviewer.code.module import Module

_UNDO: Final = frozenset(
    "undo undos rollback rollbacks revert reverts compensation compensations unwind unwinds".split()
)
_PUTS: Final = frozenset({"append", "push", "appendleft", "unshift"})
_TURNS: Final = frozenset({"reversed", "reverse", "toReversed", "insert", "unshift", "appendleft", "pop", "sort"})


@module_check("LIF025", words=_UNDO)
def undone_in_order(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that calls what undoes something for the end at which it begins."""
    if module.is_test:
        return
    for loop in module.all(For):
        held = strip(loop.iterable) if loop.iterable is not None else None
        if not isinstance(held, Name | Member) or not set(last_words(held)) & _UNDO or not _calls_item(loop):
            continue
        if not _is_filled(module, held) or _is_turned(module, held, loop):
            continue
        yield Match(
            held,
            f"'{short(module.text_of(held))}' is gone through from the beginning: what was done first is undone first, "
            "while what was built on it is still there.",
            confidence=Confidence.LIKELY,
        )


def _calls_item(loop: For) -> bool:
    """Tell whether a loop calls what the list holds, itself or a member of it."""
    items = {name.id for name in find(loop.target, Name)} if loop.target is not None else set()
    for call in calls_in(loop.body):
        callee = strip(call.callee)
        base = strip(callee.object) if isinstance(callee, Member) else callee
        if isinstance(base, Name) and base.id in items:
            return True
    return False


def _is_filled(module: Module, held: Expr) -> bool:
    """Tell whether the file puts one thing after another into a list of this name."""
    name = _name(held)
    return any(
        call.receiver is not None and _name(strip(call.receiver)) == name
        for call in module.calls(_PUTS - {"appendleft", "unshift"})
    )


def _is_turned(module: Module, held: Expr, loop: For) -> bool:
    """Tell whether a list of this name is turned round anywhere, or filled from its front."""
    name = _name(held)
    function = function_of(loop)
    for call in module.calls(_TURNS):
        parts = [call.receiver, *call.args]
        if any(part is not None and _name(strip(part)) == name for part in parts):
            return call.name != "pop" or function_of(call) is function
    return False


def _name(expr: Expr) -> str:
    if isinstance(expr, Member):
        return expr.name
    return expr.id if isinstance(expr, Name) else ""
