"""Functions that other functions make: what a call runs whose name holds what a maker gave back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Function, Name, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module


def run_by(module: Module, call: Call) -> Function | None:
    """Return the function of the subject that a call runs, also one that was made: ``const need = needFor(who)``."""
    found = callee(module, call)
    if found is not None:
        return found
    called = strip(call.callee)
    made = module.scopes.origin(called) if isinstance(called, Name) or is_this_member(called) else None
    maker = callee(module, made) if isinstance(made, Call) and not made.new else None
    if maker is None or maker.kind == "constructor" or maker.signature_only:
        return None
    given = [strip(answer.value) for answer in returns_of(maker) if answer.value is not None]
    only = given[0] if len(given) == 1 else None
    if isinstance(only, Name):
        bound = maker.module.scopes.lookup(only.id, only)
        return bound[0] if len(bound) == 1 and isinstance(bound[0], Function) else None
    return only if isinstance(only, Function) else None
