"""The constant text that a value begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Binary, Call, Expr, Literal, Member, Name, Template, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module

_DEEPEST: Final = 8


def leading_text(module: Module, expr: Expr) -> str:
    """Return the constant text that the value of an expression begins with; empty where it isn't known.

    ``BASE + path`` begins with what ``BASE`` is, ``new URL(path, BASE)`` and ``join(BASE, path)`` likewise.
    """
    current: object = expr
    for _ in range(_DEEPEST):
        current = first_value(module, strip(current)) if isinstance(current, Expr) else None
        if isinstance(current, Literal):
            return current.value if isinstance(current.value, str) else ""
        if isinstance(current, Template):
            current = current.items[0] if current.items else None
        elif isinstance(current, Binary) and current.op in ("+", "%", "/"):
            current = current.left
        elif isinstance(current, Array):
            current = current.items[0] if current.items else None
        elif isinstance(current, Call):
            current = _of_call(current)
        else:
            return ""
    return ""


def leading_part(module: Module, expr: Expr, skipped: frozenset[str] = frozenset({""})) -> Expr | None:
    """Return the first part of a text that isn't written out, or None where it begins with a text that is.

    ``skipped`` are written texts that decide nothing about how the whole begins.
    """
    current: Expr = strip(expr)
    for _ in range(_DEEPEST):
        made = module.scopes.origin(current)
        parts: list[Expr] = []
        if isinstance(made, Template):
            parts = made.items
        while isinstance(made, Binary) and made.op == "+":
            parts.insert(0, made.right)
            made = module.scopes.origin(strip(made.left))
            if not (isinstance(made, Binary) and made.op == "+"):
                parts[:0] = [made] if isinstance(made, Expr) else []
        left = [part for part in parts if not (isinstance(part, Literal) and part.value in skipped)]
        if not left:
            return None if parts else current
        if isinstance(left[0], Literal):
            return None
        current = strip(left[0])
    return current


def first_value(module: Module, expr: Expr) -> object:
    """Return what gives an expression its value; of a text that is only added to, what it was at first."""
    bindings = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    given = [binding for binding in bindings if not (isinstance(binding, Assign) and binding.op == "+=")]
    first = given[0] if len(given) == 1 < len(bindings) else None
    return first.value if isinstance(first, Assign) else module.scopes.origin(expr)


def _of_call(call: Call) -> Expr | None:
    if call.name == "URL" and call.args:
        return call.args[-1]
    if isinstance(call.callee, Member) and call.name in (
        "format",
        "concat",
        "toString",
        "trim",
        "strip",
        "encode",
        "join",
    ):
        receiver = strip(call.callee.object)
        if call.name != "join" or isinstance(receiver, Array):
            return receiver
    return call.args[0] if call.args else None
