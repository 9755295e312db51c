"""Which assertions only ask whether an object has a method that its class gives to every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, lineage
from reviewer.code.syntax import Call, Expr, Literal, Member, Name, Unary, strip
from reviewer.experts.fundamentals.testing.made_in_test import put_anew

if TYPE_CHECKING:
    from reviewer.code.module import Module

_HAS: Final = frozenset({"toHaveProperty", "property", "have_property", "hasProperty"})


def is_method(module: Module, expr: Expr | None) -> bool:
    """Tell whether an expression is a method of an object whose class the subject writes: ``plugin.activate``."""
    asked = strip(expr) if expr is not None else None
    return isinstance(asked, Member) and _has_method(module, asked.object, asked.name)


def is_kind_of_method(module: Module, expr: Expr, other: Expr) -> bool:
    """Tell whether ``typeof plugin.activate`` is compared with ``"function"``."""
    asked, told = strip(expr), strip(other)
    typed = isinstance(asked, Unary) and asked.op == "typeof" and is_method(module, asked.operand)
    return typed and isinstance(told, Literal) and told.value == "function"


def asks_for_method(module: Module, name: str, subject: Expr, other: Expr | None) -> bool:
    """Tell whether an object is asked whether it has a method: ``toHaveProperty("activate")``, ``hasattr(…)``."""
    told = strip(other) if other is not None else None
    named = told.value if isinstance(told, Literal) and isinstance(told.value, str) else ""
    return bool(named) and name in (_HAS | {"hasattr"}) and _has_method(module, subject, named)


def is_callable(module: Module, test: Call) -> bool:
    """Tell whether a call asks whether a method is one: ``callable(plugin.activate)``."""
    if test.receiver is not None or not test.args:
        return False
    if test.name == "callable":
        return is_method(module, test.args[0])
    return asks_for_method(module, test.name, test.args[0], test.arg(1))


def _has_method(module: Module, holder: Expr, name: str) -> bool:
    held = strip(holder)
    cls = class_of_value(module, held) if isinstance(held, Name) and held.id != "this" else None
    if cls is None or cls.module is module or put_anew(module, name):
        return False
    return any(one.method(name) is not None for one in lineage(cls))
