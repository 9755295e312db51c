"""The text of a pattern that an expression is, wherever it is spelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Binary, Call, Expr, Field, Literal, Member, Regex, Template, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module

_DEEPEST: Final = 8
_SPELLINGS: Final = ("source", "pattern")
"""Members of a pattern that give its text."""


def text_of(module: Module, expr: Expr | None, depth: int = 0) -> str:
    """Return the pattern that an expression is, in the spelling of RE2, or an empty string."""
    if expr is None or depth > _DEEPEST:
        return ""
    expr = strip(expr)
    if isinstance(expr, Regex):
        return f"(?i){expr.pattern}" if "i" in expr.flags else expr.pattern
    if isinstance(expr, Literal):
        return expr.value if isinstance(expr.value, str) else ""
    if isinstance(expr, Template):
        parts = [text_of(module, item, depth + 1) for item in expr.items]
        return "".join(parts) if all(parts) else ""
    if isinstance(expr, Binary) and expr.op == "+":
        left, right = text_of(module, expr.left, depth + 1), text_of(module, expr.right, depth + 1)
        return left + right if left and right else ""
    if isinstance(expr, Call):
        named = module.resolve(expr.callee).rsplit(".", 1)[-1]
        if named in ("RegExp", "compile"):
            text = text_of(module, expr.arg(0), depth + 1)
            flags = expr.arg(1, "flags")
            loose = flags is not None and ("IGNORECASE" in module.text_of(flags) or "i" in module.text_of(flags))
            return f"(?i){text}" if text and loose else text
        return ""
    if isinstance(expr, Member) and expr.name in _SPELLINGS and (text := text_of(module, expr.object, depth + 1)):
        return text  # ID.source
    return _of_name(module, expr, depth)


def _of_name(module: Module, expr: Expr, depth: int) -> str:
    """Follow a name or a member to the constant that it stands for, through imports too."""
    origin = module.scopes.origin(expr)
    if isinstance(origin, Expr) and origin is not expr:
        return text_of(module, origin, depth + 1)
    found = definition(module, expr)
    if isinstance(found, Field) and found.value is not None:
        return text_of(module, found.value, depth + 1)
    if isinstance(found, Regex | Literal | Template | Binary | Call):
        return text_of(module, found, depth + 1)
    return ""
