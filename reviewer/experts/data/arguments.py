"""What may be asked about one argument of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Literal,
    Member,
    Object,
    Regex,
    Template,
    Unary,
    strip,
)
from reviewer.experts.data.patterns import found as pattern_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.code.module import Module

_DEEPEST: Final = 12
_MOST_ITEMS: Final = 500


def holds(module: Module, condition: Mapping[str, Any], argument: Expr | None) -> bool:
    """Tell whether a condition of a rule holds for an argument; None stands for one that is not given."""
    asked = condition.get("is")
    if argument is None or asked in ("absent", "present"):
        return (argument is None) == (asked == "absent")
    argument = strip(argument)
    if asked == "template":
        return is_pieced(module, argument)
    if asked == "dynamic":
        return not is_fixed(module, argument)
    return _source_holds(condition, module.scopes.origin(argument))


def _source_holds(condition: Mapping[str, Any], source: object) -> bool:
    """Tell whether a condition holds for the expression that an argument's value comes from."""
    asked = condition.get("is")
    if asked == "function":
        return isinstance(source, Function)
    if asked == "literal":
        return isinstance(source, Literal | Regex) or (isinstance(source, Template) and not source.holes)
    if not isinstance(source, Literal):
        return False
    if asked in ("true", "false"):
        return source.value is (asked == "true")
    if "equals" in condition:
        wanted = condition["equals"]
        return type(source.value) is type(wanted) and source.value == wanted
    return isinstance(source.value, str) and pattern_found(str(condition["matches"]), source.value)


def is_fixed(module: Module, expr: Expr, depth: int = 0) -> bool:
    """Tell whether a value is written out in the file: constants, lists and objects of them, functions."""
    if depth > _DEEPEST:
        return False
    source = module.scopes.origin(expr)
    if not isinstance(source, Expr):
        return False
    if isinstance(source, Literal | Regex | Function):
        return True
    parts: list[Expr] | None = None
    if isinstance(source, Template):
        parts = source.holes
    elif isinstance(source, Array):
        parts = source.items
    elif isinstance(source, Object):
        parts = [value for _key, value in source.entries]
        parts += [key for key, _value in source.entries if key is not None]
    elif isinstance(source, Binary):
        parts = [source.left, source.right]
    elif isinstance(source, Conditional):
        parts = [source.then, source.other]
    elif isinstance(source, Unary):
        parts = [source.operand]
    if parts is None or len(parts) > _MOST_ITEMS:
        return False
    return all(is_fixed(module, part, depth + 1) for part in parts)


def is_pieced(module: Module, expr: Expr) -> bool:
    """Tell whether a text is put together from pieces of which one is not fixed."""
    source = module.scopes.origin(expr)
    if isinstance(source, Template):
        return bool(source.holes) and not is_fixed(module, source)
    if isinstance(source, Binary) and source.op in ("+", "%"):
        return _has_text(source) and not is_fixed(module, source)
    if isinstance(source, Call) and isinstance(source.callee, Member) and source.callee.name == "format":
        return isinstance(module.scopes.origin(source.callee.object), Literal) and bool(source.args or source.keywords)
    return False


def _has_text(expr: Expr) -> bool:
    """Tell whether a chain of additions has a constant text in it."""
    pending = [expr]
    for _ in range(_MOST_ITEMS):
        if not pending:
            break
        current = strip(pending.pop())
        if isinstance(current, Literal) and isinstance(current.value, str):
            return True
        if isinstance(current, Template):
            return True
        if isinstance(current, Binary) and current.op in ("+", "%"):
            pending += [current.left, current.right]
    return False
