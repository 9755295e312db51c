"""How the name of a member comes to where it is called: in a message, or together with the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Expr, Member, Name, Param, strip
from reviewer.code.walk import function_of
from reviewer.experts.communication.incoming import incoming

if TYPE_CHECKING:
    from reviewer.code.module import Module


def told_by_message(module: Module, name: Expr) -> bool:
    """Tell whether a name is a field of a message that another process, a worker or a page sent."""
    function = function_of(name)
    return isinstance(strip(name), Member) and any(found.function is function for found in incoming(module))


def is_message_field(module: Module, name: Expr) -> bool:
    """Tell whether a name is a field that the handler of such a message takes: ``({ method }) => …``."""
    said = strip(name)
    bound = module.scopes.lookup(said.id, said) if isinstance(said, Name) else []
    only = bound[0] if len(bound) == 1 else None
    taken = isinstance(only, Param) and bool(only.fields)
    return taken and any(found.function is getattr(only, "parent", None) for found in incoming(module))


def both_given(module: Module, target: Expr, name: Expr) -> bool:
    """Tell whether a helper is given the object together with the name, so that its caller knows what it asks for."""
    bound = [module.scopes.origin(strip(expr)) for expr in (target, name)]
    return all(isinstance(origin, Param) for origin in bound) and bound[0] is not bound[1]
