"""Lists that are kept in order in a table, and where another function takes the first or the last of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Binary, Call, Index, Literal, Name, Unary, strip
from reviewer.code.walk import find
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Node


def taken_from_table(module: Module, items: Expr, function: Function) -> tuple[Node | None, Function | None]:
    """Return where another function takes an end of a list which this one has put in order in a table, and that one."""
    table = _table_of(module, items) or _put_into(module, items, function)
    if not table:
        return None, None
    for other in module.functions:
        if other is function or other.signature_only:
            continue
        for node in find(other.body, Index, into_functions=False):
            if is_end(node.key) and _table_of(module, node.object) == table:
                return node, other
        for taken in find(other.body, Call, into_functions=False):
            first = taken.args[0] if taken.name == "at" and len(taken.args) == 1 else None
            holder = taken.receiver if first is not None and is_end(first) else None
            if holder is not None and _table_of(module, holder) == table:
                return taken, other
    return None, None


def _or_else(made: Expr) -> Expr | None:
    """Return what is taken where there is something: ``kept`` of ``kept ?? []``."""
    return strip(made.left) if isinstance(made, Binary) and made.op in ("??", "or") else None


def _table_of(module: Module, items: Expr) -> str:
    """Return the table that a list is looked up in: ``shelf.get(name) ?? []``, ``shelf[name]``."""
    made = module.scopes.origin_by(items, _or_else)
    if isinstance(made, Call) and made.name in ("get", "setdefault") and made.receiver is not None:
        return module.text_of(strip(made.receiver))
    if isinstance(made, Index) and not isinstance(strip(made.key), Literal):
        return module.text_of(strip(made.object))
    return ""


def _put_into(module: Module, items: Expr, function: Function) -> str:
    """Return the table that a function puts a list into: ``shelf.set(name, list)``."""
    name = strip(items)
    for call in find(function.body, Call, into_functions=False):
        given = strip(call.args[1]) if call.name == "set" and len(call.args) == 2 else None
        if isinstance(given, Name) and isinstance(name, Name) and given.id == name.id and call.receiver is not None:
            return module.text_of(strip(call.receiver))
    return ""


def is_end(key: Expr) -> bool:
    """Tell whether an index is that of the first or the last."""
    if isinstance(key, Literal):
        return key.value in (0, -1)
    if isinstance(key, Unary) and key.op == "-":
        return isinstance(key.operand, Literal) and key.operand.value == 1
    return isinstance(key, Binary) and key.op == "-" and "length" in said_in(key)
