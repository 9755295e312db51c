"""Sets that are made of a thing's own list and kept under its name: what it holds, and no entry of a registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Comprehension, Expr, Member, Name, strip
from reviewer.code.walk import find

if TYPE_CHECKING:
    from reviewer.code.module import Module

_SETS: Final = frozenset({"Set", "set", "frozenset", "tuple", "ReadonlySet"})


def is_own_list(module: Module, key: Expr, value: Expr) -> bool:
    """Tell whether what stands under a thing's own name is a set made of its own list: what it holds, said anew.

    ``held.set(card.id, new Set(card.rights))``, ``held[card.id] = {one for one in card.rights if one in signed}``.
    """
    made = module.scopes.origin(value)
    over: list[Expr] = []
    if isinstance(made, Call) and made.name in _SETS:
        over = made.args[:1]
    elif isinstance(made, Comprehension):
        over = [iterable for _target, iterable in made.clauses if iterable is not None][:1]
    for name in [one for part in over for one in find(part, Name)]:
        held = module.scopes.origin(name)  # const asked = card.asks.filter(…)
        over += [held] if isinstance(held, Expr) else []
    lists = [part for one in over for part in find(one, Member) if isinstance(strip(part.object), Name)]
    named = {name.id for name in find(key, Name)}
    return any(isinstance(root := strip(part.object), Name) and root.id in named for part in lists)
