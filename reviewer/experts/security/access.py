"""Access paths, whatever they are spelled with: members, text keys, ``get``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, For, Index, Literal, Member, Name, Param, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module

_DEEPEST: Final = 12


def step(expr: Expr) -> tuple[Expr, str] | None:
    """Return (holder, name) of ``holder.name``, ``holder["name"]`` and ``holder.get("name")``."""
    if isinstance(expr, Member):
        return expr.object, expr.name
    if isinstance(expr, Index) and isinstance(expr.key, Literal) and isinstance(expr.key.value, str):
        return expr.object, expr.key.value
    if isinstance(expr, Call) and expr.name in ("get", "header", "pop", "getHeader") and expr.receiver is not None:
        key = expr.arg(0)
        if isinstance(key, Literal) and isinstance(key.value, str):
            return expr.receiver, key.value
    return None


def path_of(module: Module, expr: Expr) -> tuple[Param | Name | None, list[str]]:
    """Return the root of an access path and the names from there on, aliases followed.

    The root is a parameter where the path starts at one, a name where a loop or nothing in the file binds it.
    """
    names: list[str] = []
    for _ in range(_DEEPEST):
        expr = strip(expr)
        if isinstance(expr, Name):
            bindings = module.scopes.lookup(expr.id, expr) if expr.id != "this" else []
            only = bindings[0] if len(bindings) == 1 else None
            if isinstance(only, Param):
                field = next((prop for prop, local in only.fields.items() if local == expr.id), "")
                return only, [*([field] if field else []), *names]
            if not isinstance(only, Assign) or only.value is None or only.op not in ("=", ":="):
                free = not bindings or expr.id == "this" or isinstance(only, For)
                return (expr if free else None), [expr.id, *names]
            expr = only.value
            continue
        found = step(expr)
        if found is not None:
            names.insert(0, found[1])
            expr = found[0]
        elif isinstance(expr, Call) and not expr.new and expr.receiver is not None and not expr.args:
            names.insert(0, expr.name)  # await request.json()
            expr = expr.receiver
        elif isinstance(expr, Call) and expr.name in ("parse", "loads") and expr.args:
            expr = expr.args[0]
        else:
            return None, names
    return None, names
