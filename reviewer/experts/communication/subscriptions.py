"""Subscriptions: the call, the events it names, what it is made on, and the function that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Call, Expr, Function, Name, Param, strip
from reviewer.code.text.ideas import LISTENS
from reviewer.experts.communication.constants import fixed_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

OFFS: Final = frozenset(
    "off removeListener removeEventListener removeAllListeners unsubscribe remove_listener remove_event_listener "
    "once removeHandler remove_handler unlisten dispose abort".split()
)
"""Functions by which somebody stops listening, or listens once."""


class Subscription(Struct, frozen=True):
    """One call that subscribes; ``names`` are the events whose names are fixed, ``handler`` is None where unknown."""

    call: Call
    names: tuple[str, ...]
    handler: Function | None

    @property
    def receiver(self) -> Expr | None:
        """What is listened to."""
        return self.call.receiver


def subscriptions(module: Module) -> Iterator[Subscription]:
    """Yield the subscriptions of a module, in source order."""
    for call in module.calls(LISTENS & module.identifiers):
        if len(call.args) < 2 or call.receiver is None:
            continue
        first = strip(call.args[0])
        items = first.items if isinstance(first, Array) else [first]
        names = tuple(name for item in items if (name := fixed_text(module, item)))
        yield Subscription(call, names, handler_of(module, call.args[1]))


def handler_of(module: Module, given: Expr) -> Function | None:
    """Return the function that is given as a handler: in place, by name, bound."""
    given = strip(given)
    if isinstance(given, Call) and given.name == "bind" and given.receiver is not None:
        given = strip(given.receiver)
    found = definition(module, given)
    return found if isinstance(found, Function) else None


def same_object(module: Module, one: Expr | None, other: Expr | None) -> bool:
    """Tell whether two receivers are spelt, or resolved to, the same."""
    if one is None or other is None:
        return False
    if module.text_of(one) == module.text_of(other):
        return True
    if _kept_as(module, one) == module.text_of(other) or _kept_as(module, other) == module.text_of(one):
        return True
    first, second = module.resolve(one), module.resolve(other)
    return bool(first) and first == second and not isinstance(strip(one), Name) and "()" not in first


def _kept_as(module: Module, expr: Expr) -> str:
    """Return the field in which a constructor keeps a parameter: ``this.bus`` for ``bus``; else an empty string."""
    name = strip(expr)
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    param = bound[0] if len(bound) == 1 else None
    function = param.parent if isinstance(param, Param) else None
    owner = function.owner if isinstance(function, Function) else None
    if not isinstance(name, Name) or not isinstance(param, Param) or owner is None:
        return ""
    if param.access:
        return f"this.{name.id}"
    for field, assigns in module.scopes.fields(owner).items():
        if len(assigns) == 1 and assigns[0].value is not None and module.scopes.origin(assigns[0].value) is param:
            return f"{'self' if module.language == 'python' else 'this'}.{field}"
    return ""
