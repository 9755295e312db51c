"""Parameters that a function only compares, or turns into a text or a number, before it does anything with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Node,
    Switch,
    Throw,
)
from reviewer.code.walk import ancestors, find

if TYPE_CHECKING:
    from reviewer.code.module import Module

_CONVERTS: Final = frozenset({"String", "Number", "Boolean", "parseInt", "parseFloat", "BigInt"})
_COMPARES: Final = frozenset({"==", "!=", "in", "not in"})
_DEEPEST: Final = 3


def is_tamed(module: Module, call: Call, argument: Expr) -> bool:
    """Tell whether the function of the file that is called uses an argument only so."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or target.module is not module or argument not in call.args:
        return False
    position = call.args.index(argument)
    param = target.params[position] if position < len(target.params) else None
    if param is None or not param.name or param.rest:
        return False
    return _tame(target, param.name, 0)


def _tame(function: Function, name: str, depth: int) -> bool:
    uses = [one for one in find(function.body, Name) if one.id == name]
    return depth <= _DEEPEST and all(_is_tame(function, use, depth) for use in uses)


def _is_tame(function: Function, use: Name, depth: int) -> bool:
    if any(isinstance(around, Throw) for around in ancestors(use)):
        return True
    inner: Node = use
    for around in ancestors(use):
        if isinstance(around, Assign):
            if around.target is inner:
                return True
            return isinstance(around.target, Name) and _tame(function, around.target.id, depth + 1)
        if isinstance(around, Switch):
            return around.subject is inner
        if isinstance(around, Binary):
            return around.op in _COMPARES
        if isinstance(around, Call):
            return around.callee is not inner and around.name in _CONVERTS
        if not isinstance(around, Cast | Member | Index):
            return False
        inner = around
    return False
