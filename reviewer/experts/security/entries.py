"""Questions of permission by what is done: an entry is looked up, something is sought in it, and a no ends all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits, use_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Name,
    Param,
    Throw,
    uncast,
)
from reviewer.code.walk import ancestors

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node


def is_entry_asked(module: Module, test: Node, whole: Expr, part: Expr) -> bool:
    """Tell whether a function seeks one thing that it is given in what it looked up by another, and refuses after a no.

    ``held = table.get(guest); if (!held.has(deed)) throw …``
    """
    sought = _param(module, part)
    key = _param(module, _key(module, whole))
    if sought is None or key is None or sought is key or not isinstance(test, Expr):
        return False
    return use_of(test).how == "returned" or _throws(test)


def _param(module: Module, value: Expr | None) -> Param | None:
    made = module.scopes.origin(uncast(value)) if value is not None else None
    return made if isinstance(made, Param) and isinstance(made.parent, Function) else None


def _key(module: Module, held: Expr, depth: int = 3) -> Expr | None:
    """Return the key by which a value was looked up: ``guest`` of ``table.get(guest) ?? []``, of ``table[guest]``."""
    held = uncast(held)
    if depth == 0:
        return None
    if isinstance(held, Name):
        bound = [one for one in module.scopes.lookup(held.id, held) if isinstance(one, Assign)]
        return _key(module, bound[0].value, depth - 1) if len(bound) == 1 and bound[0].value is not None else None
    if isinstance(held, Binary) and held.op in ("??", "or"):
        return _key(module, held.left, depth)
    if isinstance(held, Conditional):
        return _key(module, held.then, depth)
    if isinstance(held, Assign):
        return _key(module, held.target, depth) if isinstance(held.target, Index) else None
    if isinstance(held, Call) and held.args and held.receiver is not None:
        return held.args[0] if held.name in ("get", "setdefault", "getOrDefault") else None
    return held.key if isinstance(held, Index) else None


def _throws(test: Node) -> bool:
    """Tell whether a statement throws because of a condition that a test is part of."""
    inner = test
    for around in ancestors(test):
        if isinstance(around, If):
            leaves = exits(around.body) and any(isinstance(one, Throw) for one in around.body)
            return inner is around.test and leaves
        if isinstance(around, Function):
            return False
        inner = around
    return False
