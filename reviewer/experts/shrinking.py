"""Loops that pass over what moves up when an element is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    For,
    Function,
    Member,
    Name,
    Node,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, statement_of, walk

if TYPE_CHECKING:
    from reviewer.code.module import Module


def leaves_after(node: Node, loop: For) -> bool:
    """Tell whether the loop is left once the change is made."""
    inner = statement_of(node)
    while inner is not None and inner is not loop:
        beside = siblings(inner)
        if inner in beside and exits(beside[beside.index(inner) :]):
            last = next((s for s in beside[beside.index(inner) :] if exits([s])), None)
            return getattr(last, "kind", "break") != "continue"
        inner = statement_of(inner.parent) if inner.parent is not None else None
    return False


def skips(module: Module, call: Call) -> Node | None:
    """Return the loop that skips an entry when this call takes one out of the list that it goes over."""
    if call.receiver is None or len(call.args) != 2:
        return None
    text = module.text_of(call.receiver)
    for around in ancestors(call):
        if isinstance(around, For):
            if around.style == "of" and around.iterable is not None and module.text_of(around.iterable) == text:
                return None if leaves_after(call, around) else around
            if around.style == "c" and _counts_up(module, around, call, text):
                return None if leaves_after(call, around) or _counts_back(around, call) else around
        elif isinstance(around, Function):
            each = around.parent
            if isinstance(each, Call) and each.name in ("forEach", "map", "filter") and each.receiver is not None:
                return each if module.text_of(each.receiver) == text else None
            return None
    return None


def _counts_up(module: Module, loop: For, call: Call, text: str) -> bool:
    """Tell whether a loop counts up to the length of the list, by the number that the call uses."""
    place = strip(call.args[0])
    test = next((part for part in loop.header if isinstance(part, Binary) and part.op in ("<", "!=", "<=")), None)
    if not isinstance(place, Name) or test is None:
        return False
    limits = [part for part in walk(test.right) if isinstance(part, Member) and part.name == "length"]
    counted = isinstance(test.left, Name) and test.left.id == place.id
    return counted and any(module.text_of(part.object) == text for part in limits)


def _counts_back(loop: For, call: Call) -> bool:
    """Tell whether the loop's number is set back where an entry was taken out, or counted only where none was."""
    place = strip(call.args[0])
    name = place.id if isinstance(place, Name) else ""
    for part in walk([*call.args, *loop.body], into_functions=False):
        target = part.operand if isinstance(part, Unary) and part.op in ("--", "++") else None
        if isinstance(part, Assign) and part.op in ("-=", "+=", "="):
            target = part.target
        if isinstance(target, Name) and target.id == name:
            return True
    return False
