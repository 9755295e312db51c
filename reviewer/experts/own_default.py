"""Comparisons of which one side is the other one wherever nothing is known: ``owners.get(id, me) == me``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, If, Literal, Name, Return, Throw, strip
from reviewer.code.walk import ancestors

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_TAKES: Final = {"get": 2, "getattr": 3}
"""Calls that are told what stands for what is missing, as the last of so many arguments."""


class OwnDefault(Struct, frozen=True):
    """A comparison, the side that may be missing, the other one, and what the first was made by."""

    node: Binary
    side: Expr
    other: Expr
    made: Expr


def own_defaults(module: Module, operators: frozenset[str]) -> Iterator[OwnDefault]:
    """Yield the comparisons of a module whose one side is the other one where it is missing."""
    for node in module.all(Binary):
        if node.op not in operators:
            continue
        for side, other in ((node.left, node.right), (node.right, node.left)):
            made = _made(module, side)
            fallback = _fallback(made)
            if made is not None and fallback is not None and module.text_of(fallback) == module.text_of(strip(other)):
                yield OwnDefault(node, side, other, made)


def decides(node: Binary) -> bool:
    """Tell whether a comparison lets something through or refuses it."""
    for around in ancestors(node):
        if isinstance(around, If):
            leaves = [*around.body, *around.orelse]
            return any(isinstance(one, Throw) or _is_no(one) for one in leaves)
        if isinstance(around, Return):
            return True
        if not isinstance(around, Binary | Conditional) and getattr(around, "op", "") != "not":
            return False
    return False


def _made(module: Module, side: Expr) -> Expr | None:
    """Return what one side of a comparison was made by."""
    side = strip(side)
    if isinstance(side, Name):
        bound = module.scopes.lookup(side.id, side)
        only = bound[0] if len(bound) == 1 else None
        return strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    return side


def _fallback(made: Expr | None) -> Expr | None:
    """Return what stands for what is missing: ``b`` of ``a ?? b``, and of ``table.get(key, b)``."""
    if isinstance(made, Binary) and made.op in ("??", "or"):
        fallback = strip(made.right)
    elif isinstance(made, Call) and len(made.args) == _TAKES.get(made.name):
        fallback = strip(made.args[-1])
    else:
        return None
    return None if isinstance(fallback, Literal) else fallback


def _is_no(statement: Node) -> bool:
    value = strip(statement.value) if isinstance(statement, Return) and statement.value is not None else None
    return isinstance(value, Literal) and value.value is False
