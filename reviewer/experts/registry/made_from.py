"""What a value is made from: the expressions on all ways back through variables, fields and ``with``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Expr, Literal, Member, Name, With
from reviewer.code.walk import class_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_DEEPEST = 5
"""Variables that are followed from one to the next."""


def ways_back(module: Module, expr: Expr) -> Iterator[Expr]:
    """Yield an expression and what its variables were given, nearest first; parameters end the way."""
    seen: set[int] = set()
    edge = [expr]
    for _ in range(_DEEPEST):
        further: list[Expr] = []
        for one in edge:
            yield one
            further.extend(_given(module, one, seen))
        edge = further


def _given(module: Module, expr: Expr, seen: set[int]) -> Iterator[Expr]:
    for name in walk(expr, into_functions=False):
        if isinstance(name, Member) and is_this_member(name):
            yield from _kept(module, name, seen)
        if not isinstance(name, Name):
            continue
        for binding in module.scopes.lookup(name.id, name):
            if id(binding) in seen:
                continue
            seen.add(id(binding))
            if isinstance(binding, Assign) and binding.value is not None:
                yield binding.value
            elif isinstance(binding, With):
                yield from (
                    value for value, target in binding.items if isinstance(target, Name) and target.id == name.id
                )


def _kept(module: Module, field: Member, seen: set[int]) -> Iterator[Expr]:
    cls = class_of(field)
    for value in module.scopes.field_values(cls, field.name) if cls is not None else ():
        if id(value) not in seen:
            seen.add(id(value))
            yield value


def texts_in(module: Module, expr: Expr) -> set[str]:
    """Return the constant texts that a value was made with: the name of the file that it was read from."""
    return {
        part.value
        for one in ways_back(module, expr)
        for part in walk(one, into_functions=False)
        if isinstance(part, Literal) and isinstance(part.value, str)
    }
