"""What list a value is an item of, and whether the program itself wrote that list out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
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
    strip,
)
from reviewer.code.walk import find, walk
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_EACH: Final = frozenset({"some", "every", "find", "findIndex", "filter", "forEach", "map", "any", "all", "flatMap"})
"""Methods that call a function with every item."""
_ASKS: Final = frozenset({"has", "includes", "hasOwn", "hasOwnProperty"})
_SAME_ITEMS: Final = frozenset({"from", "list", "set", "sorted", "tuple", "frozenset", "Set", "reversed"})
"""Calls that give the items of what they are given."""
_OWN_ITEMS: Final = frozenset({"values", "keys", "filter", "slice", "toSorted", "copy"})
"""Methods that give the items of what they belong to."""


def list_of(module: Module, item: Expr) -> Expr | None:
    """Return what is gone through where a name holds one item after the other: a loop, a callback, a comprehension."""
    item = strip(item)
    if isinstance(item, Call) and item.name == "tuple" and len(item.args) == 1:
        return _same_items(item)  # Python: host.endswith(tuple(hosts))
    bound = module.scopes.lookup(item.id, item) if isinstance(item, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, For):
        return _same_items(only.iterable) if only.iterable is not None else None
    if isinstance(only, Comprehension):
        over = [
            one for target, one in only.clauses if isinstance(target, Name) and target.id == getattr(item, "id", "")
        ]
        return _same_items(over[0]) if over else None
    function = only.parent if isinstance(only, Param) else None
    call = function.parent if isinstance(function, Function) else None
    if not isinstance(call, Call) or call.name not in _EACH or call.receiver is None or function not in call.args:
        return None
    return _same_items(call.receiver) if isinstance(function, Function) and function.params[0] is only else None


def _same_items(expr: Expr) -> Expr:
    """Return the list itself: ``hosts`` of ``[...hosts]``, ``Array.from(hosts)``, ``hosts.values()``."""
    expr = strip(expr)
    if isinstance(expr, Array) and len(expr.items) == 1 and isinstance(expr.items[0], Spread):
        return _same_items(expr.items[0].value)
    if isinstance(expr, Call) and expr.name in _SAME_ITEMS and len(expr.args) == 1:
        return _same_items(expr.args[0])
    if isinstance(expr, Call) and expr.name in _OWN_ITEMS and expr.receiver is not None:
        return _same_items(expr.receiver)
    return expr


def says_not_yet_there(module: Module, test: Expr, *, holds: bool) -> bool:
    """Tell whether a test says only that something is not in a collection that fills as the program runs.

    What is not in a cache, or not among what is registered, may be anything: ``if (name in made) return made[name]``.
    """
    if isinstance(test, Binary):
        there = holds == (test.op == "in")
        many: Expr | None = test.right
    elif isinstance(test, Call) and test.name in _ASKS and test.receiver is not None:
        there, many = holds, test.args[0] if test.name == "hasOwn" and test.args else test.receiver
    else:
        return False
    if there or many is None or last_name(many).isupper():
        return False
    made = module.scopes.origin(many)
    return isinstance(strip(many), Name | Member) and not isinstance(made, Imported) and not _has_items(module, many)


def _has_items(module: Module, many: Expr) -> bool:
    """Tell whether a list was written out with something in it."""
    made = module.scopes.origin(_same_items(many))
    made = _same_items(made) if isinstance(made, Expr) else None
    return isinstance(made, Literal) or (isinstance(made, Array | Object) and any(True for _ in find(made, Literal)))


def is_written_out(module: Module, many: Expr) -> bool:
    """Tell whether the program itself writes a list, so that no grant and no setting stands in it."""
    made = module.scopes.origin(_same_items(many))
    made = _same_items(made) if isinstance(made, Expr) else None
    return isinstance(made, Array | Object | Literal)


def ended_by(module: Module, many: Expr, *marks: str) -> bool:
    """Tell whether something where a list is made puts one of these marks at an end of its items, or asks for it."""
    made = module.scopes.origin(many)
    where = [made] if isinstance(made, Expr) else []
    if isinstance(many, Name):
        bound = module.scopes.lookup(many.id, many)
        where += [one.value for one in bound if isinstance(one, Assign) and one.value is not None]
    texts = [str(node.value) for one in where for node in walk(one) if isinstance(node, Literal)]
    return any(text.startswith(marks) or text.endswith(marks) for text in texts)
