"""What an object is that a function or a class is handed: read from the places that hand it over."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, TypeVar

from reviewer.code.flow import returns_of
from reviewer.code.reach.call_sites import callers
from reviewer.code.reach.links import definition, member
from reviewer.code.reach.remembered import remembered
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, Name, Object, Param, strip
from reviewer.code.walk import class_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Member, Node

N = TypeVar("N", bound="Node")

_MOST: Final = 8
"""Places that hand something over which are looked at; more would say the same, or nothing."""
_STEPS: Final = 8
"""Names that a value may have had before."""


@remembered
def handed_method(module: Module, callee: Member) -> Function | None:
    """Return the function that ``grants.has`` or ``this.grants.has`` is, where ``grants`` was handed in; else None.

    The places that call the function, or make an object of the class, say what is handed over; of what a factory
    returns the members are known, and of what is made with ``new`` the class. All places have to agree.
    """
    return _agreed(made_member(at, made, callee.name) for at, made in _made_by(module, callee.object))


def handed_class(module: Module, holder: Expr) -> Class | None:
    """Return the class of the subject whose object is handed over as a parameter or a field, where all places agree."""
    made = _made_by(module, holder)
    found = _agreed(definition(at, one.callee) if isinstance(one, Call) else None for at, one in made)
    return found if isinstance(found, Class) else None


def _agreed(said: Iterator[N | None]) -> N | None:
    """Return what all places say; None at the first that says nothing or something else, so that no more are asked."""
    first = next(said, None)
    return first if first is not None and all(one is first for one in said) else None


def _made_by(module: Module, holder: Expr) -> Iterator[tuple[Module, Expr | None]]:
    """Yield what each caller hands over as the holder; None for what is not seen being made."""
    holder = strip(holder)
    name, param = _parameter(module, holder)
    function = param.parent if param is not None else None
    if param is None or not isinstance(function, Function) or module.project is None:
        return
    owner = function.owner.name if function.kind == "constructor" and function.owner is not None else function.name
    if not owner or param.rest:
        return
    position = function.params.index(param)
    prop = next((given for given, local in param.fields.items() if local == name), "")
    count = 0
    for other in chain(() if module.is_test else (module,), callers(module, owner)):
        for call in other.calls((owner,)):
            given = call.arg(position, param.name)
            if given is not None and param.fields:
                bag = other.scopes.origin(given)
                given = bag.get(prop) if isinstance(bag, Object) else None
            made = other.scopes.origin(given) if given is not None else None
            yield other, made if isinstance(made, Call) else None
            count += 1
            if count == _MOST:
                return


def _parameter(module: Module, holder: Expr, steps: int = _STEPS) -> tuple[str, Param | None]:
    """Return the local name and the parameter that a name or a field got its value from."""
    if is_this_member(holder):
        cls = class_of(holder)
        values = module.scopes.field_values(cls, holder.name) if cls is not None else []
        if len(values) != 1 or not isinstance(strip(values[0]), Name):
            return "", None
        holder = strip(values[0])
    if not isinstance(holder, Name):
        return "", None
    bound = module.scopes.lookup(holder.id, holder)
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, Assign) and only.value is not None and isinstance(strip(only.value), Name):
        return _parameter(module, only.value, steps - 1) if steps else ("", None)  # two may get each other's
    return (holder.id, only) if isinstance(only, Param) else ("", None)


def made_member(module: Module, made: Expr | None, name: str) -> Function | None:
    """Return a method of what a call makes: of the class, or of the object that a factory returns."""
    maker = definition(module, made.callee) if isinstance(made, Call) else None
    found: Node | None = None
    if isinstance(maker, Class):
        found = member(maker, name)
    elif isinstance(maker, Function) and not maker.asynchronous and not maker.generator:
        for answer in returns_of(maker):
            value = strip(answer.value) if answer.value is not None else None
            if isinstance(value, Call) and value.name in ("freeze", "seal") and value.args:
                value = strip(value.args[0])
            entry = value.get(name) if isinstance(value, Object) else None
            found = definition(maker.module, entry) if entry is not None else None
    return found if isinstance(found, Function) else None
