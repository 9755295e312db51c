"""What a web application carries for its handlers, under a key or in its state, and of which class that is.

``app["catalog"] = Catalog()`` and ``request.app["catalog"]``; ``app.state.catalog``; a key that names the class itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Index, Literal, Member, Name, Param, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_APPS: Final = frozenset({"app", "application"})


def carrier(module: Module, expr: Expr) -> tuple[Module, str] | None:
    """Return (module, class) for what is taken from the application, where one line alone says it; or None."""
    place = _place(module, expr) if module.language == "python" else None
    if place is None or module.project is None:
        return None
    key, named = place
    if named:
        return module, named
    found = {
        one
        for given in module.project.answers("reach.carried", _given, _APPS, tests=False)
        for one in given.get(key, ())
    }
    path, kind = found.pop() if len(found) == 1 else ("", "")
    giver = module.project.module(path) if kind else None
    return (giver, kind) if giver is not None else None


def _place(module: Module, expr: Expr) -> tuple[str, str] | None:
    """Return the key of a place in an application, and the class that the key names if it does."""
    expr = strip(expr)
    if isinstance(expr, Index) and _is_app(expr.object):
        key = strip(expr.key)
        made = module.scopes.origin(key) if isinstance(key, Name) else key
        if isinstance(made, Literal) and isinstance(made.value, str):
            return made.value, ""
        if isinstance(made, Call) and made.name == "AppKey" and len(made.args) > 1:
            return "", module.text_of(made.args[1])
    if isinstance(expr, Member) and isinstance(holder := strip(expr.object), Member):
        return (f"state.{expr.name}", "") if holder.name == "state" and _is_app(holder.object) else None
    return None


def _is_app(expr: Expr) -> bool:
    expr = strip(expr)
    return (expr.name if isinstance(expr, Member) else expr.id if isinstance(expr, Name) else "") in _APPS


def _given(module: Module) -> dict[str, frozenset[tuple[str, str]]]:
    """Return the classes of what a file gives an application, by the key; an empty name where nobody can say."""
    found: dict[str, set[tuple[str, str]]] = {}
    for assign in module.all(Assign):
        place = _place(module, assign.target) if isinstance(assign.target, Index | Member) else None
        if place is None or assign.value is None:
            continue
        made = module.scopes.origin(assign.value)
        kind = made.type if isinstance(made, Param) else ""
        kind = module.text_of(made.callee) if isinstance(made, Call) else kind
        found.setdefault(place[0], set()).add((module.path, kind))
    return {key: frozenset(kinds) for key, kinds in found.items()}
