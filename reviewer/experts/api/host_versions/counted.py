"""Versions that are numbers, counted one by one, and no texts with dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Param,
    Unary,
    strip,
)
from reviewer.code.walk import find, function_of

if TYPE_CHECKING:
    from reviewer.code.module import Module

_TO_NUMBER: Final = frozenset({"parseInt", "parseFloat", "Number", "int", "float", "round", "floor", "len"})
_ASKS: Final = frozenset({"isInteger", "isSafeInteger", "isFinite", "isNumber"})
_DEEPEST: Final = 2


def is_counted(module: Module, expr: Expr, depth: int = 0) -> bool:
    """Tell whether a value is a number: by what it is given, by what is asked of it, or by the list it is out of."""
    expr = strip(expr)
    if isinstance(expr, Literal):
        return isinstance(expr.value, int | float) and not isinstance(expr.value, bool)
    if isinstance(expr, Call):
        return expr.name in _TO_NUMBER or _gives_number(module, expr, depth)
    if isinstance(expr, Conditional):
        return is_counted(module, expr.then, depth) and is_counted(module, expr.other, depth)
    if isinstance(expr, Member):
        return _is_counted_of_class(module, expr)
    if not isinstance(expr, Name):
        return False
    bound = module.scopes.lookup(expr.id, expr)
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, Param):
        if only.default is not None and is_counted(module, only.default, depth + 1):
            return True
        return _is_out_of_numbers(module, only) or _is_asked(expr)
    made = module.scopes.origin(expr)
    if depth <= _DEEPEST and isinstance(made, Expr) and made is not expr and is_counted(module, made, depth + 1):
        return True
    return _is_asked(expr)


def _gives_number(module: Module, call: Call, depth: int) -> bool:
    found = definition(module, call.callee) if depth <= _DEEPEST else None
    given = [one.value for one in returns_of(found)] if isinstance(found, Function) else []
    return (
        bool(given)
        and isinstance(found, Function)
        and all(value is not None and is_counted(found.module, value, depth + 1) for value in given)
    )


def _is_counted_of_class(module: Module, member: Member) -> bool:
    """Tell whether a class counts its own versions: ``static version = 3``."""
    found = definition(module, member.object)
    owner = found if isinstance(found, Class) else class_of_value(module, member.object)
    if owner is None:
        return False
    values = [one.value for one in owner.fields if one.name == member.name and one.value is not None]
    return bool(values) and all(is_counted(owner.module, one, _DEEPEST + 1) for one in values)


def _is_out_of_numbers(module: Module, given: Param) -> bool:
    """Tell whether a callback is handed the items of a list of numbers: ``[20, 22].find((version) => …)``."""
    function = given.parent
    taker = function.parent if isinstance(function, Function) else None
    if not isinstance(taker, Call) or taker.receiver is None or taker.callee is function:
        return False
    items = module.scopes.origin(strip(taker.receiver))
    return isinstance(items, Array) and bool(items.items) and all(is_counted(module, one, 1) for one in items.items)


def _is_asked(name: Name) -> bool:
    """Tell whether a function asks whether a value is a number: ``typeof level !== "number"``."""
    function = function_of(name)
    for use in find(function.body, Name) if function is not None else ():
        around = use.parent
        if use.id != name.id or use is name:
            continue
        if isinstance(around, Call) and around.name in _ASKS:
            return True
        test = around.parent if isinstance(around, Unary) and around.op == "typeof" else None
        if isinstance(test, Binary) and any(
            isinstance(side := strip(one), Literal) and side.value == "number" for one in (test.left, test.right)
        ):
            return True
    return False
