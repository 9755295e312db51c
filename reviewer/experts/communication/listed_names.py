"""The texts that a name stands for one after the other, where code goes over a table or a list that is written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Imported,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Spread,
    Template,
    strip,
)
from reviewer.experts.communication.constants import fixed_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.code.module import Module

_GOES_OVER: Final = frozenset({"forEach", "map", "flatMap"})
_PAIRS: Final = frozenset({"entries", "items"})
_MOST: Final = 200
Named = tuple[str, Expr]
"""A text, and where it is written."""


def listed_names(module: Module, expr: Expr) -> list[Named]:
    """Return the texts that an expression gives in turn; nothing where one of them can't be told."""
    expr = strip(expr)
    if isinstance(expr, Template):
        holes = expr.holes
        inner = listed_names(module, holes[0]) if len(holes) == 1 else []
        return [("".join(_part(item, text) for item in expr.items), at) for text, at in inner]
    if isinstance(expr, Member):
        over = _over(module, expr.object)
        return _of_records(module, over, expr.name) if over is not None and not over[1] else []
    over = _over(module, expr) if isinstance(expr, Name) else None
    if over is None:
        return []
    listed, field = over
    return _of_records(module, over, field) if field and field != "0" else _of_items(module, listed)


def _part(item: Expr, text: str) -> str:
    return str(item.value) if isinstance(item, Literal) else text


def _over(module: Module, expr: Expr) -> tuple[Expr, str] | None:
    """Return what a variable is one of, and the member that it is taken out by: ``[name]``, ``{ id }``."""
    expr = strip(expr)
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, For) and only.iterable is not None and isinstance(expr, Name):
        field = _field_of(only.target, expr.id)
        return (strip(only.iterable), field) if field is not None else None
    if isinstance(only, Comprehension) and len(only.clauses) == 1 and not only.tests and isinstance(expr, Name):
        target, iterable = only.clauses[0]
        field = _field_of(target, expr.id)
        return (strip(iterable), field) if field is not None else None
    function = only.parent if isinstance(only, Param) else None
    call = function.parent if isinstance(function, Function) else None
    if not isinstance(only, Param) or not isinstance(function, Function) or not isinstance(call, Call):
        return None
    if call.name not in _GOES_OVER or call.receiver is None or function.params[0] is not only:
        return None
    local = next((key for key, name in only.fields.items() if isinstance(expr, Name) and name == expr.id), "")
    return strip(call.receiver), local


def _field_of(target: Expr | None, name: str) -> str | None:
    """Return the member by which a loop takes a variable out of each item; empty where it is the item itself."""
    if isinstance(target, Name):
        return "" if target.id == name else None
    if isinstance(target, Array) and target.items:
        first = target.items[0]
        return "0" if isinstance(first, Name) and first.id == name else None
    if isinstance(target, Object):
        for key, value in target.entries:
            if isinstance(key, Literal) and isinstance(value, Name) and value.id == name:
                return str(key.value)
    return None


def _written(module: Module, expr: Expr) -> Expr | None:
    """Return the list or the table that an expression names, in this file or another."""
    made: object = module.scopes.origin(expr)
    if isinstance(made, Imported) and module.project is not None:
        made = module.project.definition(module, made)
    if isinstance(made, Assign):
        made = made.value
    made = strip(made) if isinstance(made, Expr) else None
    if isinstance(made, Call) and made.name == "freeze" and made.args:
        made = strip(made.args[0])
    return made if isinstance(made, Array | Object) else None


def _of_items(module: Module, listed: Expr) -> list[Named]:
    """Return the texts of a list, or the keys of a table."""
    if isinstance(listed, Call) and listed.name in (*_PAIRS, "keys"):
        listed = listed.args[0] if listed.args else listed.receiver or listed
    made = _written(module, listed)
    if isinstance(made, Object):
        keys: Sequence[Expr | None] = [key for key, _value in made.entries]
    elif isinstance(made, Array):
        keys = [_first(item) for item in made.items]
    else:
        return []
    return _told(module, keys)


def _first(item: Expr) -> Expr | None:
    """Return an item of a list, or the first of a pair."""
    item = strip(item)
    if isinstance(item, Array):
        return item.items[0] if item.items else None
    return None if isinstance(item, Spread) else item


def _of_records(module: Module, over: tuple[Expr, str], name: str) -> list[Named]:
    """Return what the records of a list have under a name."""
    made = _written(module, over[0])
    if not isinstance(made, Array):
        return []
    return _told(module, [one.get(name) if isinstance(one := strip(item), Object) else None for item in made.items])


def _told(module: Module, keys: Sequence[Expr | None]) -> list[Named]:
    found = [(fixed_text(module, key), key) for key in keys[:_MOST] if key is not None]
    named = [(text, key) for text, key in found if text]
    return named if len(named) == len(keys) else []
