"""The fixed text that an expression stands for, and texts that are nearly the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Class, Expr, Imported, Literal, Member, Name, Node, Object, Template
from reviewer.code.syntax import strip as bare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.code.module import Module

_DEEPEST: Final = 6
_LONGEST: Final = 80


def fixed_text(module: Module, expr: Expr | None, depth: int = 0) -> str:
    """Return the text that an expression always gives, constants and imports followed; else an empty string."""
    if expr is None or depth > _DEEPEST:
        return ""
    expr = bare(expr)
    if isinstance(expr, Literal):
        return expr.value if isinstance(expr.value, str) else ""
    if isinstance(expr, Template):
        parts = [
            str(i.value) if isinstance(i, Literal) else fixed_text(module, _inner(i), depth + 1) for i in expr.items
        ]
        return "".join(parts) if all(parts) else ""
    if isinstance(expr, Binary) and expr.op == "+":
        left, right = fixed_text(module, expr.left, depth + 1), fixed_text(module, expr.right, depth + 1)
        return left + right if left and right else ""
    if isinstance(expr, Name):
        return _of_name(module, expr, depth + 1)
    if isinstance(expr, Member):
        return _of_member(module, expr, depth + 1)
    return ""


def _inner(item: Node) -> Expr | None:
    return item if isinstance(item, Expr) else None


def _of_name(module: Module, name: Name, depth: int) -> str:
    bound = module.scopes.lookup(name.id, name)
    if len(bound) != 1:
        return ""
    only = bound[0]
    if isinstance(only, Assign) and only.op == "=":
        return fixed_text(module, only.value, depth)
    if isinstance(only, Imported):
        value = _imported(module, only)
        return value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""
    return ""


def _of_member(module: Module, expr: Member, depth: int) -> str:
    base: Node | Imported | None = module.scopes.origin(expr.object)
    if isinstance(base, Imported):
        base = _imported(module, base)
    elif base is None or isinstance(base, Name):
        bound = module.scopes.lookup(base.id, base) if isinstance(base, Name) else []
        base = bound[0] if len(bound) == 1 and isinstance(bound[0], Class) else base
    if isinstance(base, Expr):
        base = bare(base)
    if getattr(base, "name", "") == "freeze" and getattr(base, "args", None):
        base = base.args[0]  # type: ignore[union-attr]  # a call, as its arguments say
    if isinstance(base, Object):
        return fixed_text(module, base.get(expr.name), depth)
    if isinstance(base, Class):
        field = next((f for f in base.fields if f.name == expr.name), None)
        return fixed_text(base.module, field.value, depth) if field is not None else ""
    return ""


def _imported(module: Module, imported: Imported) -> Node | None:
    return module.project.definition(module, imported) if module.project is not None else None


def nearest(name: str, others: Iterable[str]) -> str:
    """Return the one among others that differs so little that it must be meant, or an empty string."""
    for other in sorted(set(others)):
        if other != name and _plain(other) == _plain(name):
            return other
    most = 1 if len(name) < 10 else 2
    best = ""
    if len(name) < 5:
        return ""
    for other in sorted(set(others)):
        if other != name and abs(len(other) - len(name)) <= most and not _numbered(name, other):
            away = _distance(name[:_LONGEST], other[:_LONGEST])
            if away <= most:
                best, most = other, away - 1
                if most < 1:
                    break
    return best


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _numbered(one: str, other: str) -> bool:
    """Tell whether two names differ only in their numbers."""
    return [c for c in one if not c.isdigit()] == [c for c in other if not c.isdigit()]


def _distance(one: str, other: str) -> int:
    """Return how many letters have to be changed, added, left out or swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        current = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, row = row, current
    return row[-1]
