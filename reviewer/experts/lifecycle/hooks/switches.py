"""Members that a host switches on when it wakes a plugin and off when it puts it to rest, whatever they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits
from reviewer.code.syntax import Assign, If, Literal, Member, strip
from reviewer.code.walk import find, function_of

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function


def switches_on(module: Module, assign: Assign) -> bool:
    """Tell whether an assignment says that a plugin runs: ``pack.ringing = true``.

    The function goes away at once where the member is set already, and another function takes it off again.
    """
    target, function = assign.target, function_of(assign)
    if not isinstance(target, Member) or function is None or not _gives(assign, True):
        return False
    off = [function_of(node) for node in module.all(Assign) if _named(node, target.name) and _gives(node, False)]
    return any(other is not function for other in off) and _goes_away(module, function, target)


def _goes_away(module: Module, function: Function, target: Member) -> bool:
    spelled = module.text_of(target)
    return any(
        isinstance(strip(step.test), Member) and module.text_of(strip(step.test)) == spelled and exits(step.body)
        for step in find(function.body, If, into_functions=False)
    )


def _named(assign: Assign, name: str) -> bool:
    return isinstance(assign.target, Member) and assign.target.name == name


def _gives(assign: Assign, said: bool) -> bool:
    value = strip(assign.value) if assign.value is not None else None
    return isinstance(value, Literal) and value.value is said
