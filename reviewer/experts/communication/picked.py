"""Members that are picked by a name which somebody asks for: ``guest[verb]``, ``getattr(guest, verb)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Call, Expr, Index, Literal, Member, Name, strip, uncast

if TYPE_CHECKING:
    from reviewer.code.module import Module


def picked_by_name(module: Module, call: Call) -> tuple[Expr, Expr] | None:
    """Return the object whose member a call runs, and the name by which that was picked; None where it stands there."""
    target = strip(call.callee)
    if isinstance(target, Member) and target.name in ("call", "apply"):
        target = strip(target.object)
    if isinstance(target, Name):
        for binding in module.scopes.lookup(target.id, target):
            if isinstance(binding, Assign) and binding.value is not None:
                target = strip(uncast(binding.value))
    if isinstance(target, Index):
        return (target.object, target.key) if not isinstance(strip(target.key), Literal) else None
    if not isinstance(target, Call) or not target.args:
        return None
    if target.name == "methodcaller" and call.args:
        return call.args[0], target.args[0]
    picks = target.name == "getattr" or module.resolve(target.callee) == "Reflect.get"
    return (target.args[0], target.args[1]) if picks and len(target.args) > 1 else None
